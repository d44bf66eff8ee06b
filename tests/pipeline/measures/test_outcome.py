"""What a run of a stage counts for, and what it does not."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from pipeline.measures.execution import FAILED, SUCCEEDED, Execution
from pipeline.measures.outcome import Outcome, outcomes
from tests.pipeline.measures.executions import MINUTE, broke, execution, passed


def of(*executions: Execution) -> list[Outcome]:
    return list(outcomes(executions, stage="Prod"))


def test_a_change_that_passes_is_deployed_and_led_from_its_commit() -> None:
    (told,) = of(execution("a", committed=0, Beta=passed(5, 20), Prod=passed(30, 50)))
    assert told == Outcome(
        execution_id="a", ended_at=50 * MINUTE, deployed=True, judged="a", lead=50 * MINUTE
    )


def test_a_change_that_fails_is_not_deployed() -> None:
    assert of(execution("a", committed=0, Prod=broke(10, 20))) == [
        Outcome(execution_id="a", ended_at=20 * MINUTE, judged="a", failed="a")
    ]


def test_what_never_reached_the_stage_or_has_no_verdict_there_does_not_count() -> None:
    assert (
        of(
            execution("failed-before", Beta=broke(0, 1)),
            execution("rejected", ProdApproval=broke(2, 3)),
            execution("stopped", Prod=[("Stopped", 4, 5)]),
            execution("cancelled", Prod=[("Cancelled", 6, 7)]),
            execution("runs", Prod=[("InProgress", 8, None)]),
        )
        == []
    )


def test_failures_until_the_next_success_are_one() -> None:
    told = of(
        execution("a", Prod=broke(0, 10)),
        execution("b", Prod=broke(15, 20)),
        execution("c", Prod=passed(30, 40)),
        execution("d", Prod=passed(50, 60)),
    )
    assert [each.restored for each in told] == [None, None, 30 * MINUTE, None]


def test_a_rollback_restores_and_brings_no_change() -> None:
    told = of(execution("a", Prod=broke(0, 10)), execution("r", rollback=True, Prod=passed(10, 14)))
    assert told[1] == Outcome(execution_id="r", ended_at=14 * MINUTE, restored=4 * MINUTE)


def test_a_rollback_that_fails_restores_nothing() -> None:
    told = of(
        execution("a", Prod=broke(0, 10)),
        execution("r", rollback=True, Prod=broke(10, 14)),
        execution("b", Prod=passed(20, 30)),
    )
    assert [each.restored for each in told] == [None, None, 20 * MINUTE]
    assert [each.failed for each in told] == ["a", None, None]


def test_what_is_rolled_back_although_it_passed_fails_by_it_once() -> None:
    told = of(
        execution("a", Prod=passed(0, 10)),
        execution("b", Prod=passed(20, 30)),
        execution("r", rollback=True, Prod=passed(50, 55)),
        execution("s", rollback=True, Prod=passed(60, 65)),
    )
    assert [each.failed for each in told] == [None, None, "b", None]
    assert [each.judged for each in told] == ["a", "b", None, None]
    assert told[2].restored == 5 * MINUTE


def test_what_is_stopped_and_rolled_back_has_failed_and_not_what_was_there_before() -> None:
    told = of(
        execution("a", Prod=passed(0, 10)),
        execution("b", Prod=[("Stopped", 20, 25)]),
        execution("r", rollback=True, Prod=passed(30, 34)),
    )
    assert told[1:] == [
        Outcome(execution_id="r", ended_at=34 * MINUTE, judged="b", failed="b", restored=4 * MINUTE)
    ]


def test_another_try_that_passes_is_a_deployment_but_no_other_change() -> None:
    first, second = of(execution("a", committed=0, Prod=[(FAILED, 0, 10), (SUCCEEDED, 20, 30)]))
    assert (first.judged, first.failed, first.deployed) == ("a", "a", False)
    assert second == Outcome(
        execution_id="a", ended_at=30 * MINUTE, deployed=True, lead=30 * MINUTE, restored=20 * MINUTE
    )


def test_runs_count_in_the_order_in_which_they_ended_whichever_execution_they_are_of() -> None:
    told = of(
        execution("a", Prod=[(FAILED, 0, 10), (SUCCEEDED, 40, 50)]), execution("b", Prod=passed(20, 30))
    )
    assert [(each.execution_id, each.restored) for each in told] == [
        ("a", None),
        ("b", 20 * MINUTE),
        ("a", None),
    ]


def test_a_commit_that_is_released_again_is_deployed_without_a_lead_time() -> None:
    told = of(
        execution("a", commit="1", committed=0, Prod=passed(5, 10)),
        execution("b", commit="2", committed=0, Prod=passed(15, 20)),
        execution("c", commit="1", committed=0, Prod=passed(500, 510)),
    )
    assert [each.lead for each in told] == [10 * MINUTE, 20 * MINUTE, None]
    assert all(each.deployed for each in told)


def test_a_commit_without_a_time_has_no_lead_time_and_one_of_tomorrow_none_below_zero() -> None:
    told = of(execution("a", Prod=passed(0, 10)), execution("b", committed=99, Prod=passed(20, 30)))
    assert [each.lead for each in told] == [None, 0]


RUN = st.tuples(
    st.booleans(), st.sampled_from([SUCCEEDED, FAILED, "Stopped"]), st.floats(0, 100), st.floats(0, 100)
)


@given(st.lists(RUN, max_size=12), st.randoms())
def test_every_history_adds_up(runs: list[tuple[bool, str, float, float]], shuffled: Random) -> None:
    executions = []
    for index, (rollback, status, wait, length) in enumerate(runs):
        began = index * 1000 + wait
        executions.append(
            execution(str(index), rollback=rollback, committed=0, Prod=[(status, began, began + length)])
        )
    told = of(*executions)
    shuffled.shuffle(executions)
    assert of(*executions) == told
    assert [each.ended_at for each in told] == sorted(each.ended_at for each in told)
    judged = [each.judged for each in told if each.judged]
    failed = [each.failed for each in told if each.failed]
    assert len(judged) == len(set(judged))
    assert len(failed) == len(set(failed))
    assert set(failed) <= set(judged) <= {each.id for each in executions if not each.rollback}
    assert {each.execution_id for each in told if each.deployed} <= set(judged)
    assert all((each.restored or 0) >= 0 and (each.lead or 0) >= 0 for each in told)
    assert sum(each.restored is not None for each in told) <= sum(not each.deployed for each in told)
