"""A restored table is judged as it came, against what had been acknowledged by its restore point."""

from __future__ import annotations

from pipeline.drill.attempt import Operation
from pipeline.drill.rows import Key
from pipeline.restore.invariant import Repaired
from pipeline.restore.state import behind, least_users, not_of_the_point
from pipeline.restore.verdict import judge
from tests.pipeline.drill.made import Rows, T, at, attempt, version, version_id
from tests.pipeline.restore.restored import (
    BAD_AT,
    RESTORE_POINT,
    Restored,
    acknowledged,
    before,
    changed,
    deleted,
    former,
    numbered,
    profile,
    rows_of,
    tabled,
    user,
)
from tests.pipeline.restore.spoiled import judged, served


def sentences(restored: Restored) -> list[str]:
    return [finding.sentence for finding in not_of_the_point(restored.evidence())]


def made(number: int) -> Rows:
    return numbered(version(number, user_id="eve", life=number, profile=profile("eve")), 1)


def written(restored: Restored, number: int, *, came: bool) -> Restored:
    """Have a client create Eve so many seconds after T; she is there at the end, whatever the restore did."""
    create = acknowledged(number, "eve", operation=Operation.CREATE, fields=profile("eve"))
    restored.attempts.append(create)
    restored.both(made(number))
    if came and restored.came is not None:
        restored.came.update(made(number))
    return restored


def test_what_was_there_before_and_what_was_acknowledged_by_the_point_came_with_it() -> None:
    restored = written(Restored(), 9, came=True)
    assert sentences(restored) == []
    assert behind(restored.evidence()) == 0


def test_a_restore_from_some_seconds_too_early_is_missed_though_the_replay_made_up_for_it() -> None:
    restored = written(Restored(), 0, came=False)
    verdict = judge(restored.evidence())
    (rpo,) = [aim for aim in verdict.objectives if aim.name == "RPO"]
    assert not rpo.met
    assert rpo.measured is not None
    assert 10 < rpo.measured < BAD_AT - T
    (found,) = sentences(restored)
    assert f"came without the version of {at(0)} of user eve" in found


def test_a_restore_from_an_hour_too_early_is_missed() -> None:
    """What was there before the drill is missing, and nobody had to write during it."""
    restored = Restored(came=rows_of(user("ada"), user("bob")))
    verdict = judged(restored)
    (rpo,) = [aim for aim in verdict.objectives if aim.name == "RPO"]
    assert rpo.measured == BAD_AT - (T + 1)
    assert not verdict.met
    assert verdict.count(Repaired.STATE) == 2


def test_a_write_between_the_point_and_the_damage_costs_no_more_than_a_second() -> None:
    restored = Restored()
    create = acknowledged(10, "eve", operation=Operation.CREATE, fields=profile("eve"))
    restored.attempts.append(create)
    assert sentences(restored) == []
    assert 0 < (behind(restored.evidence()) or 0) <= 1


def test_a_deletion_that_it_came_without_is_found() -> None:
    restored = Restored()
    restored.attempts.append(attempt(Operation.DELETE, T + 5, user_id="carl", id="gone"))
    assert len(sentences(restored)) == 1
    restored.came = rows_of(before(), numbered(deleted("carl", 5), 2))
    assert sentences(restored) == []


def test_a_version_that_may_have_expired_is_not_missed() -> None:
    key = Key("ada", version_id(1))
    held = before()
    older = {**held, **changed(3, "ada")}
    restored = Restored(came={name: row for name, row in older.items() if name != key})
    assert len(sentences(restored)) == 1
    evidence = restored.evidence()
    row = {**held[key], "expires_at": {"N": str(int(T + 5))}}
    known = tabled({**held, key: row}, "before")
    evidence.drill.__dict__["before"] = known
    assert [finding.sentence for finding in not_of_the_point(evidence)] == []


def test_the_users_of_the_restore_point_are_told_by_the_history_of_the_damaged_table() -> None:
    """Bob's current row was deleted by the script, and Dora deleted herself after the point."""
    assert least_users(tabled(former()), RESTORE_POINT) == 4


def test_who_was_deleted_before_the_point_or_made_about_then_is_not_counted() -> None:
    rows = rows_of(former(), numbered(deleted("carl", 5), 2), made(10))
    assert least_users(tabled(rows), RESTORE_POINT) == 3


def test_a_table_that_nobody_read_has_no_measure() -> None:
    verdict = judge(served(Restored(came=None)).evidence())
    assert "RPO not reached" in str(verdict)
