"""Half a transaction is to be expected of a Region that is lost for good, and of nothing else."""

from __future__ import annotations

import pytest

from pipeline.drill.attempt import Attempt, Operation
from pipeline.drill.evidence import Evidence
from pipeline.drill.facts import Facts
from pipeline.drill.finding import Finding, Invariant, Severity
from pipeline.drill.rows import Table
from pipeline.drill.timeline import Timeline
from pipeline.drill.torn import excused
from tests.pipeline.drill.made import ADA, HERE, THERE, T, attempt, facts, stored

LOSS = facts(loss_window_s=2.0)
CLAIM = Finding(invariant=Invariant.CLAIMS, sentence="A claim.", evidence=("ada@drill.example", "u-1"))


def severity(of: Finding, attempts: list[Attempt], about: Facts = LOSS) -> Severity:
    evidence = Evidence(
        facts=about,
        attempts=attempts,
        primary=Table(region=HERE),
        secondary=Table(region=THERE),
        timeline=Timeline(),
    )
    (found,) = excused([of], evidence)
    return found.severity


def created(at: float, status: int | None = 201, region: str = HERE) -> Attempt:
    return attempt(Operation.CREATE, at, status=status, fields=ADA, stored=(stored(1),), region=region)


@pytest.mark.parametrize(
    "made", [created(T - 1), created(T - 1, None), attempt(Operation.DELETE, T - 1, user_id="u-1")]
)
def test_a_write_in_the_window_explains_what_is_half_there(made: Attempt) -> None:
    assert severity(CLAIM, [made]) is Severity.NOTE


@pytest.mark.parametrize(
    "made", [created(T - 5), created(T - 1, 409), created(T - 1, region=THERE), created(T + 9, None)]
)
def test_another_write_does_not(made: Attempt) -> None:
    assert severity(CLAIM, [made]) is Severity.VIOLATION


def test_where_the_disk_survives_nothing_is_torn() -> None:
    assert severity(CLAIM, [created(T - 1)], facts()) is Severity.VIOLATION


def test_what_is_not_half_a_transaction_is_not_explained() -> None:
    phantom = Finding(invariant=Invariant.PHANTOM, sentence="A user.", evidence=("ada",))
    assert severity(phantom, [created(T - 1)]) is Severity.VIOLATION


def test_a_tombstone_that_came_without_the_rest_of_its_deletion_is_explained() -> None:
    undead = Finding(invariant=Invariant.RESURRECTED, sentence="A user.", evidence=("u-1",))
    assert severity(undead, [attempt(Operation.DELETE, T - 1, user_id="u-1")]) is Severity.NOTE
