"""Every acknowledged write is accounted for."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.drill.attempt import Attempt, Operation
from pipeline.drill.durability import Durability, Fate, durability, losses
from pipeline.drill.facts import Facts
from pipeline.drill.finding import Invariant, Severity
from pipeline.drill.promise import promises
from pipeline.drill.rows import Table
from tests.pipeline.drill.made import (
    HERE,
    THERE,
    Rows,
    T,
    attempt,
    facts,
    history,
    stored,
    tabled,
    version,
    version_id,
    without,
)


def wrote(number: int, at: float | None = None, region: str = HERE) -> Attempt:
    """Return an attempt that was told of a version."""
    when = T + number if at is None else at
    return attempt(
        Operation.UPDATE, when, user_id="ada", stored=(stored(number),), write=f"w{number}", region=region
    )


def deleted(at: float, status: int | None = 200) -> Attempt:
    return attempt(Operation.DELETE, at, status=status, user_id="ada", write="gone")


def judged(attempts: Sequence[Attempt], *tables: Table, about: Facts | None = None) -> Durability:
    return durability(promises(attempts), tables, about or facts())


TOMBSTONE = version(3, change="deleted")
OVERRULING = version(4, region=THERE, supersedes=version_id(1))
FORK = history(OVERRULING)
TWO_TOMBSTONES = (TOMBSTONE, version(8, change="deleted"))


@pytest.mark.parametrize(
    ("rows", "fate"),
    [
        ((version(1), version(2)), Fate.CURRENT),
        ((version(1), version(2), version(3)), Fate.SUPERSEDED),
        (
            (version(1), history(version(2)), version(4, region=THERE, supersedes=version_id(1))),
            Fate.OVERRULED,
        ),
        ((version(1), version(2), FORK), Fate.CURRENT),
        ((TOMBSTONE,), Fate.DELETED),
        ((TOMBSTONE, version(9, life=9)), Fate.DELETED),
        ((without(version(2), version_id(2)),), Fate.CURRENT),
        ((version(1),), Fate.LOST),
        ((history(version(2)), version(1)), Fate.LOST),  # fallen back behind what the history has
        ((history(version(1)), history(version(2))), Fate.LOST),
        ((version(1), version(3, supersedes=version_id(1))), Fate.LOST),
        ((version(2, change="deleted", when="2030-01-01T00:00:00.000000Z"),), Fate.LOST),
        ((), Fate.LOST),
    ],
)
def test_a_write_meets_one_fate(rows: Sequence[Rows], fate: Fate) -> None:
    assert judged([wrote(2)], tabled(*rows)).fates == {fate: 1}


@pytest.mark.parametrize(("status", "fate"), [(200, Fate.DELETED), (None, Fate.DELETED), (404, Fate.LOST)])
def test_a_deletion_of_which_no_row_is_left_explains_that_a_user_is_gone(
    status: int | None, fate: Fate
) -> None:
    found = judged([wrote(2), deleted(T + 3, status)], tabled(history(version(2))))
    assert fate in found.fates


def test_an_earlier_deletion_does_not_explain_a_later_loss() -> None:
    assert judged([deleted(T - 9, None), wrote(2)], tabled()).fates == {Fate.LOST: 1}


@pytest.mark.parametrize(("rows", "lost"), [((TOMBSTONE,), 1), (TWO_TOMBSTONES, 0)])
def test_each_deletion_has_a_row_of_its_own(rows: Sequence[Rows], lost: int) -> None:
    assert len(judged([deleted(T), deleted(T + 1)], tabled(*rows)).lost) == lost


def test_a_write_that_one_region_lacks_is_lost_there() -> None:
    full, behind = tabled(version(1), version(2)), tabled(version(1), region=THERE)
    (lost,) = judged([wrote(2)], full, behind).lost
    assert (lost.write_id, lost.regions, lost.within_window) == ("w2/ada", (THERE,), False)


def test_rpo_is_the_age_of_the_oldest_lost_write_at_the_fault() -> None:
    found = judged([wrote(1, T - 2), wrote(2, T - 5), wrote(3, T + 1)], tabled())
    assert [lost.write_id for lost in found.lost] == ["w2/ada", "w1/ada", "w3/ada"]
    assert found.rpo_s == pytest.approx(4.99, abs=1e-4)


def test_what_was_lost_after_the_fault_only_costs_no_time() -> None:
    assert judged([wrote(3, T + 1)], tabled()).rpo_s == 0


def test_all_writes_are_counted() -> None:
    found = judged([wrote(1), wrote(2), deleted(T + 3)], tabled(TOMBSTONE))
    assert (found.acknowledged, found.fates, found.lost) == (3, {Fate.DELETED: 3}, [])


@pytest.mark.parametrize(
    ("at", "window", "invariant", "severity", "sentence"),
    [
        (T - 1, 0.0, Invariant.LOST, Severity.VIOLATION, "missing in eu-west-1."),
        (
            T - 1,
            2.0,
            Invariant.LOST,
            Severity.NOTE,
            ", within the replication window of 2 s.",
        ),
        (T - 3, 2.0, Invariant.LOST_OUTSIDE, Severity.VIOLATION, "outside the replication window of 2 s."),
    ],
)
def test_a_loss_is_excused_only_within_the_window_of_a_lost_disk(
    at: float, window: float, invariant: Invariant, severity: Severity, sentence: str
) -> None:
    about = facts(loss_window_s=window)
    (finding,) = losses(judged([wrote(2, at)], tabled(), about=about), about)
    assert (finding.invariant, finding.severity) == (invariant, severity)
    assert finding.sentence.endswith(sentence)
    assert finding.evidence[0] == "w2/ada"


def test_what_the_other_region_took_is_never_excused() -> None:
    about = facts(loss_window_s=2.0)
    (lost,) = judged([wrote(-1, T - 1, region=THERE)], tabled(), about=about).lost
    assert not lost.within_window


def test_an_answer_that_was_repeated_for_a_version_of_the_lost_region_is_excused() -> None:
    about = facts(loss_window_s=2.0)
    (lost,) = judged([wrote(-1, T + 5, region=THERE)], tabled(), about=about).lost
    assert lost.within_window
