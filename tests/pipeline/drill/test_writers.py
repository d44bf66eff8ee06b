"""Where clients are led to another Region on purpose, never do two take writes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.drill.attempt import Attempt, Operation
from pipeline.drill.finding import Invariant
from pipeline.drill.step import Do, Role, Step
from pipeline.drill.writers import two_writers
from tests.pipeline.drill import planted
from tests.pipeline.drill.left import WAIT, WHOLE, Left, began, ended, restored
from tests.pipeline.drill.made import HERE, THERE, T, attempt
from tests.pipeline.drill.plan import BACK_AT, START, Kind, Plan
from tests.pipeline.drill.short import BREAK, HEAL, short
from tests.pipeline.drill.world import World

REGIONS = {"h": HERE, "t": THERE}


def written(regions: str) -> list[Attempt]:
    """Return acknowledged writes, one a second: `h` by the one Region, `t` by the other."""
    return [
        attempt(Operation.UPDATE, T + number, region=REGIONS[region], id=f"{number}")
        for number, region in enumerate(regions)
    ]


@pytest.mark.parametrize(
    ("regions", "late"),
    [
        ("hhhttt", []),
        ("ttthhh", []),
        ("hhh", []),
        ("", []),
        ("hhthtt", ["3"]),
        ("hhththt", ["3", "5"]),
        ("hthhh", ["2", "3", "4"]),
    ],
)
def test_who_was_followed_takes_no_more_writes(regions: str, late: list[str]) -> None:
    found = two_writers(written(regions), T)
    assert [finding.evidence[1] for finding in found] == late
    assert {finding.invariant for finding in found} <= {Invariant.TWO_WRITERS}


def test_what_was_before_the_move_does_not_count() -> None:
    assert not two_writers(written("thhhttt"), T + 1)


def test_where_no_move_is_planned_both_may() -> None:
    assert not two_writers(written("ththth"), None)


def test_reads_and_what_was_refused_are_no_writes() -> None:
    read = attempt(at=T + 6, region=HERE)
    refused = attempt(Operation.UPDATE, T + 7, status=503, fenced=True, region=HERE)
    assert not two_writers([*written("hhhttt"), read, refused], T)


def test_a_finding_names_the_write_and_how_late_it_was() -> None:
    (found,) = two_writers(written("hth"), T)
    assert found.sentence == f"{HERE} took write w-2 1.000 s after {THERE} had begun to take writes."
    assert found.evidence == ("w-2", "2", "1")


@pytest.mark.parametrize(("world", "is_found"), [(World, False), (planted.NoFence, True)])
def test_a_move_without_a_fence_is_found(world: type[World], is_found: bool) -> None:
    evidence = world(Plan(kind=Kind.SWITCHOVER, lag_s=1.0)).run()
    there = [attempt for attempt in evidence.attempts if attempt.ended_at < BACK_AT]
    assert bool(two_writers(there, START)) is is_found


def test_a_drill_with_fences_has_one_writer_from_the_first_one_on(tmp_path: Path) -> None:
    fence = Step(do=Do.FENCE, role=Role.SECONDARY, why="The secondary Region refuses writes.")
    scenario = replace(short(), steps=(WAIT, BREAK, HEAL, fence, fence))
    steps = [line for number in range(5) for line in (began(number, T + number), ended(number, T + number))]
    assert Left(tmp_path / "fenced").facts(scenario, *steps, restored()).one_writer_from == T + 3
    assert Left(tmp_path / "not").facts(short(), *WHOLE).one_writer_from is None
