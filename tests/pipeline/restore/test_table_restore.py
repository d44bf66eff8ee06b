"""The steps of a table's restore: no Region serves the restored table before it has all of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.drill.step import Role
from pipeline.restore import table_restore
from pipeline.restore.step import Do, Step
from tests.pipeline.restore.short import CHANGE, END, FENCES, TO_VERIFY, in_no_time, perform, scenario, step
from tests.pipeline.restore.staged import FORMER, RESTORED, Stage

STEPS = table_restore.STEPS


def too_early(steps: Sequence[Step]) -> bool:
    """Tell whether a Region may serve, or take writes, before it has what was replayed."""
    converged = False
    for each in steps:
        if each.do is Do.REPLAY:
            converged = False
        if each.do is Do.AWAIT_CONVERGED:
            converged = True
        if each.do in (Do.CUT_OVER, Do.UNFENCE) and not converged:
            return True
    return False


def test_both_regions_have_what_was_replayed_before_either_serves_it() -> None:
    assert not too_early(STEPS)
    order = [step.do for step in STEPS]
    fences = [at for at, step in enumerate(STEPS) if step.do is Do.FENCE and step.role is Role.SECONDARY]
    assert fences[0] < order.index(Do.AWAIT_CONVERGED) < order.index(Do.CUT_OVER)


@pytest.mark.parametrize(
    "steps",
    [
        [step for step in STEPS if step.do is not Do.AWAIT_CONVERGED],
        sorted(STEPS, key=lambda step: step.do is not Do.AWAIT_CONVERGED),
        sorted(STEPS, key=lambda step: step.do is Do.AWAIT_CONVERGED),
    ],
    ids=["never", "before the replay", "after the cut over"],
)
def test_a_wait_that_is_missing_or_comes_at_the_wrong_time_would_be_found(steps: Sequence[Step]) -> None:
    assert too_early(steps)


def test_both_regions_are_compared_again_once_clients_write() -> None:
    order = [step.do for step in STEPS]
    last = len(order) - 1 - order[::-1].index(Do.AWAIT_CONVERGED)
    assert last > max(at for at, do in enumerate(order) if do is Do.UNFENCE)


def test_a_deploy_that_failed_is_told_what_to_do_next() -> None:
    (cut_over,) = [step for step in STEPS if step.do is Do.CUT_OVER]
    assert "send the same lines again" in cut_over.verify


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    in_no_time(monkeypatch)
    return Stage()


@pytest.mark.parametrize("lagging", [False, True])
def test_a_fenced_table_that_a_region_lacks_rows_of_is_not_cut_over_to(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, lagging: bool
) -> None:
    replicate = stage.replicate

    def until_the_replay() -> None:
        if not lagging or "replayer " + RESTORED not in stage.done:
            replicate()

    monkeypatch.setattr(stage, "replicate", until_the_replay)
    wait = step(Do.AWAIT_CONVERGED, seconds=1)
    perform(stage, tmp_path / "a-drill", scenario(*TO_VERIFY, *FENCES, wait, *CHANGE, *END))
    assert (f"switch {FORMER} {RESTORED}" in stage.done) is not lagging
    assert stage.fenced("eu-west-1") is False
