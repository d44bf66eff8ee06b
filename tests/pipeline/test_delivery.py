"""How commits are delivered, and which ways nothing could take."""

from dataclasses import replace

import pytest

from pipeline.config import BETA, DEPLOYMENTS, LOCAL, LOCALPROD, PROD
from pipeline.delivery import LOCAL_PIPELINE, PIPELINE, PIPELINES, Drill, Pipeline, Wave


@pytest.mark.parametrize("pipeline", PIPELINES, ids=lambda pipeline: str(pipeline.id))
def test_the_second_wave_waits_for_the_drill_of_the_first_and_an_approval(pipeline: Pipeline) -> None:
    first, second = pipeline.waves
    assert (first.drill is None, first.approved) == (False, False)
    assert (second.drill, second.approved) == (None, True)


def test_the_pipeline_on_aws_is_in_an_account_of_its_own_and_real_time() -> None:
    assert PIPELINE.account not in {BETA.account, PROD.account}
    assert [wave.drill.time_scale for wave in PIPELINE.waves if wave.drill] == [1]


def test_each_deployment_is_carried_by_one_pipeline() -> None:
    names = [name for pipeline in PIPELINES for name in pipeline.names]
    assert sorted(names) == sorted(each.name for each in DEPLOYMENTS)
    assert LOCAL_PIPELINE.names == ["local", "localprod"]
    assert len({pipeline.id for pipeline in PIPELINES}) == len(PIPELINES)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "the pipeline"),
        ("account", "33"),
        ("region", "Ireland"),
        ("repository", "users-platform"),
        ("branch", ""),
        ("connection_arn", "arn:aws:s3:::connection"),
        ("waves", ()),
        ("waves", [*PIPELINE.waves, *PIPELINE.waves]),
        ("waves", PIPELINE.waves[::-1]),
        ("region", "cn-north-1"),
    ],
)
def test_a_pipeline_that_could_not_run_is_refused(field: str, value: object) -> None:
    named = "waves" if value == "cn-north-1" else field
    with pytest.raises(ValueError, match=f"^{named} must"):
        replace(PIPELINE, **{field: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("seconds", [0, 3601])
def test_a_bake_takes_a_second_at_least_and_an_hour_at_most(seconds: int) -> None:
    with pytest.raises(ValueError, match="bake_seconds must be between 1 and 3600"):
        Wave(deployment=BETA, bake_seconds=seconds)


def test_a_wave_must_have_what_its_gates_ask_for() -> None:
    with pytest.raises(ValueError, match="prod has none"):
        Wave(deployment=PROD, bake_seconds=600, drill=Drill())
    nameless = replace(BETA, api=replace(BETA.api, domain=None))
    with pytest.raises(ValueError, match="must have a domain"):
        Wave(deployment=nameless, bake_seconds=600)


def test_a_pipeline_carries_its_deployments_as_they_are_served() -> None:
    restored = replace(LOCAL, table_name="users-local-restored", former_tables=("users-local",))
    carried = LOCAL_PIPELINE.carrying({"local": restored, "localprod": LOCALPROD})
    assert [wave.deployment for wave in carried.waves] == [restored, LOCALPROD]
    assert [replace(wave, deployment=LOCAL) for wave in carried.waves] == [
        replace(wave, deployment=LOCAL) for wave in LOCAL_PIPELINE.waves
    ]
    assert replace(carried, waves=LOCAL_PIPELINE.waves) == LOCAL_PIPELINE
