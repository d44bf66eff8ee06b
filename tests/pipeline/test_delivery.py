"""How commits reach AWS, and which ways nothing could take."""

from dataclasses import replace

import pytest

from pipeline.config import BETA, PROD
from pipeline.delivery import PIPELINE, Wave


def test_prod_waits_for_beta_s_drill_and_an_approval() -> None:
    beta, prod = PIPELINE.waves
    assert (beta.name, beta.drilled, beta.approved) == ("beta", True, False)
    assert (prod.name, prod.drilled, prod.approved) == ("prod", False, True)
    assert PIPELINE.account not in {BETA.account, PROD.account}


@pytest.mark.parametrize(
    ("field", "value"),
    [
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


def test_a_wave_must_have_what_its_gates_ask_for() -> None:
    with pytest.raises(ValueError, match="bake_minutes"):
        Wave(deployment=BETA, bake_minutes=0)
    with pytest.raises(ValueError, match="prod has none"):
        Wave(deployment=PROD, bake_minutes=10, drilled=True)
    nameless = replace(BETA, api=replace(BETA.api, domain=None))
    with pytest.raises(ValueError, match="must have a domain"):
        Wave(deployment=nameless, bake_minutes=10)
