"""The restores that there are: nothing acknowledged can be lost by the order of their steps."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.drill.scenarios import UnknownScenario
from pipeline.drill.step import Role
from pipeline.restore.scenario import Scenario
from pipeline.restore.scenarios import SCENARIOS, named
from pipeline.restore.step import Do, Step

EVERY = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: str(scenario.name))
STEPS = named("table-restore").steps


def disorder(steps: Sequence[Step]) -> str | None:
    """Return what could lose a write, or serve a table that is not whole."""
    fenced: set[Role] = set()
    drained: set[Role] = set()
    done: set[Do] = set()
    for step in steps:
        if step.do in NEEDS and not NEEDS[step.do] <= done:
            return f"{step.do} comes too early"
        if step.do in (Do.AWAIT_DRAINED, Do.REPLAY, Do.CUT_OVER) and fenced != set(Role):
            return f"{step.do} while a Region takes writes"
        if step.do in (Do.REPLAY, Do.CUT_OVER) and drained != set(Role):
            return f"{step.do} before both Regions are drained"
        if step.do is Do.FENCE and step.role:
            fenced.add(step.role)
        if step.do is Do.UNFENCE and step.role:
            fenced.remove(step.role)
        if step.do is Do.AWAIT_DRAINED and step.role:
            drained.add(step.role)
        done.add(step.do)
    return f"{', '.join(sorted(fenced))} left fenced" if fenced else None


NEEDS = {
    Do.RESTORE: {Do.NOTE},
    Do.REPLICATE: {Do.SETTINGS},
    Do.FENCE: {Do.VERIFY, Do.AWAIT_REPLICATED},
    Do.CUT_OVER: {Do.REPLAY},
    Do.UNFENCE: {Do.CUT_OVER},
}


def without(do: Do, role: Role | None) -> Sequence[Step]:
    return [step for step in STEPS if (step.do, step.role) != (do, role)]


def earlier(do: Do) -> Sequence[Step]:
    """Take a kind of step before all others."""
    return sorted(STEPS, key=lambda step: step.do is not do)


def test_there_is_one_for_a_table_and_one_for_a_user() -> None:
    assert list(SCENARIOS) == ["table-restore", "user-restore"]


def test_no_write_is_lost_by_the_order_of_the_steps() -> None:
    assert disorder(STEPS) is None


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        (without(Do.FENCE, Role.SECONDARY), "await-drained while a Region takes writes"),
        (without(Do.AWAIT_DRAINED, Role.SECONDARY), "replay before both Regions are drained"),
        (without(Do.REPLAY, Role.PRIMARY), "cut-over comes too early"),
        (without(Do.UNFENCE, Role.SECONDARY), "secondary left fenced"),
        (earlier(Do.REPLAY), "replay while a Region takes writes"),
        (earlier(Do.UNFENCE), "unfence comes too early"),
        (earlier(Do.RESTORE), "restore comes too early"),
        (earlier(Do.REPLICATE), "replicate comes too early"),
    ],
)
def test_an_order_that_loses_writes_would_be_found(steps: Sequence[Step], found: str) -> None:
    assert disorder(steps) == found


def test_the_table_is_verified_before_the_fences_after_the_replay_and_in_the_other_region() -> None:
    order = [step.do for step in STEPS]
    verified = [at for at, do in enumerate(order) if do is Do.VERIFY]
    assert verified[0] < order.index(Do.FENCE)
    assert order.index(Do.REPLAY) < verified[1] < order.index(Do.CUT_OVER)
    assert [step.role for step in STEPS if step.do is Do.VERIFY][-1] is Role.SECONDARY


def test_both_regions_get_their_settings() -> None:
    assert [step.role for step in STEPS if step.do is Do.SETTINGS] == [Role.PRIMARY, Role.SECONDARY]


def test_a_user_is_put_back_without_a_fence_and_compared_in_both_regions() -> None:
    steps = named("user-restore").steps
    assert not {Do.FENCE, Do.RESTORE, Do.CUT_OVER} & {step.do for step in steps}
    assert [step.role for step in steps if step.do is Do.COMPARE] == [Role.PRIMARY, Role.SECONDARY]
    assert named("user-restore").longest_refusal_seconds is None


@EVERY
def test_it_is_told_in_sentences(scenario: Scenario) -> None:
    told = [scenario.hypothesis, scenario.when, *scenario.before, *scenario.after, *scenario.not_covered]
    for step in scenario.operators_steps:
        told += [step.verify, step.back]
    assert all(sentence.endswith(".") for sentence in [*told, *(step.why for step in scenario.steps)])
    assert scenario.not_covered


def test_an_unknown_name_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(UnknownScenario, match=r"no scenario .flood.; known are table-restore, user-restore"):
        named("flood")
