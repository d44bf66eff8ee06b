"""A restore that went well, written by hand, for a test to spoil one thing of it.

Before the damage at T + 10 there are four users. The bad deploy rewrites Ada, the script deletes Bob, Carl is
left alone, and Dora deletes herself later. A client writes on top of Ada's bad version, and one to Carl.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.drill.attempt import Attempt, Operation, Stored
from pipeline.drill.evidence import Evidence
from pipeline.drill.rows import Key, Table, table
from pipeline.drill.timeline import Timeline
from pipeline.restore.answer import Conflict, Noted, Replayed, Validated
from pipeline.restore.corruption import PATTERN
from pipeline.restore.damage import Damage, How
from pipeline.restore.evidence import Limits, RestoreEvidence
from tests.pipeline.drill.made import HERE, THERE, Rows, T, at, attempt, claim, facts, version, version_id

FORMER, RESTORED = "users-local", "users-local-restored"
RESTORE_POINT = "2030-03-17T17:46:50Z"  # T + 10
BAD = "0123456789abcdef01234567@rewritten.invalid"
BAD_AT, NOTED_AT, FENCED_AT, SERVED_AT = T + 10.25, T + 13, T + 20, T + 40
LIMITS = Limits(rpo_s=1, rto_s=60, held_s=60)
NAMES = ("ada", "bob", "carl", "dora")


def email(user_id: str) -> str:
    return f"{user_id}@drill.example"


def claim_of(user_id: str) -> Key:
    return Key(f"EMAIL#{email(user_id)}", "CLAIM")


def profile(user_id: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401  # as profiles have them
    return {"name": user_id.title(), "email": email(user_id), "age": 36, **fields}


def user(user_id: str) -> Rows:
    """Return the rows of a user who was created at 1."""
    return version(1, user_id=user_id, profile=profile(user_id))


def deleted(user_id: str, number: int) -> Rows:
    """Return what is left of a user who was deleted at a version that follows the first."""
    return {
        **dict.fromkeys(user(user_id)),
        **version(number, user_id=user_id, change="deleted", supersedes=version_id(1)),
        **dict.fromkeys(claim(email(user_id), user_id)),
    }


def rows_of(*parts: Rows) -> dict[Key, Any]:
    merged: dict[Key, Any] = {}
    for part in parts:
        merged.update(part)
    return {key: row for key, row in merged.items() if row is not None}


def tabled(rows: Mapping[Key, Any], region: str = HERE) -> Table:
    return table(region, [row for row in rows.values() if row is not None])


def changed(at_s: int, user_id: str, number: int = 2, *, after: int = 1, **fields: Any) -> Rows:  # noqa: ANN401
    """Return a version that was made at so many seconds, after one that was made at others."""
    rows = version(at_s, user_id=user_id, supersedes=version_id(after), profile=profile(user_id, **fields))
    return numbered(rows, number)


def rebased() -> Rows:
    """Return Ada as she is restored: what a client wrote on top of the bad version, on the good one."""
    return changed(14, "ada", name="Ada Lovelace")


def numbered(rows: Rows, number: int) -> Rows:
    """Return versions with another number, since a test's clock counts seconds."""
    return {
        key: {**row, "version": {"N": str(number)}} if row and "version" in row else row
        for key, row in rows.items()
    }


def acknowledged(
    number: int,
    user_id: str,
    *,
    client: str = "client",
    **given: Any,  # noqa: ANN401  # as attempt takes them
) -> Attempt:
    """Return an attempt whose answer names a version at that many seconds."""
    named = Stored(user_id=user_id, email=email(user_id), version=2, at=at(number))
    operation = given.pop("operation", Operation.UPDATE)
    made = attempt(operation, T + number, user_id=user_id, stored=(named,), **given)
    return replace(made, asked=replace(made.asked, client=client))


def damage(user_id: str, how: How) -> Damage:
    rows = user(user_id)
    current, held = rows[Key(user_id, "CURRENT")], rows[claim_of(user_id)]
    assert current is not None
    assert held is not None
    return Damage(user_id=user_id, how=how, at=BAD_AT, current=dict(current), claim=dict(held))


def before() -> dict[Key, Any]:
    return rows_of(*(user(name) for name in NAMES))


def former() -> dict[Key, Any]:
    """Return the table that was damaged: Ada rewritten and written on, Bob without what makes him current."""
    bad = changed(10, "ada", email=BAD)
    written_on = changed(14, "ada", 3, after=10, email=BAD, name="Ada Lovelace")
    carl = changed(15, "carl", age=37)
    rows = rows_of(before(), bad, written_on, carl, numbered(deleted("dora", 16), 2))
    lost = [Key("bob", "CURRENT"), claim_of("bob"), claim_of("ada")]
    return {key: row for key, row in rows.items() if key not in lost}


def after() -> dict[Key, Any]:
    """Return the restored table, with all that was acknowledged and is good."""
    carl = changed(15, "carl", age=37)
    return rows_of(before(), rebased(), carl, numbered(deleted("dora", 16), 2))


def attempts() -> list[Attempt]:
    """Return what clients asked for, and the first write of each after the change of tables."""
    on_top = {"if_match": f'"{version_id(10)}"', "id": "on-top", "client": "one"}
    return [
        acknowledged(14, "ada", fields={"name": "Ada Lovelace"}, **on_top),
        acknowledged(15, "carl", fields={"age": 37}, if_match=f'"{version_id(1)}"', id="carl", client="two"),
        attempt(Operation.DELETE, T + 16, user_id="dora", if_match=f'"{version_id(1)}"', id="dora"),
    ]


@dataclass(kw_only=True)
class Restored:
    """The evidence of it, each part to be changed before it is judged."""

    primary: dict[Key, Any] = field(default_factory=after)
    secondary: dict[Key, Any] = field(default_factory=after)
    former: dict[Key, Any] = field(default_factory=former)
    attempts: list[Attempt] = field(default_factory=attempts)
    damaged: Sequence[Damage] = (
        damage("ada", How.REWRITTEN),
        damage("bob", How.DELETED),
        damage("dora", How.REWRITTEN),
    )
    limits: Limits = LIMITS
    validated: list[Validated] = field(
        default_factory=lambda: [
            Validated(table=FORMER, status="FAILED", message="one claim is nobody's"),
            Validated(table=RESTORED, status="SUCCESSFUL"),
        ]
    )
    conflicts: tuple[Conflict, ...] = ()
    served_from: float | None = SERVED_AT
    noted: bool = True
    came: dict[Key, Any] | None = field(default_factory=before)

    def both(self, rows: Mapping[Key, Any]) -> None:
        """Have both Regions hold this besides; None removes a row."""
        for region in (self.primary, self.secondary):
            region.update(rows)
            for key in [key for key, row in region.items() if row is None]:
                del region[key]

    def evidence(self) -> RestoreEvidence:
        drill = Evidence(
            facts=facts(scenario="table-restore", fault_at=BAD_AT, healed_at=T + 50),
            attempts=self.attempts,
            primary=tabled(self.primary),
            secondary=tabled(self.secondary, THERE),
            timeline=Timeline(self.attempts),
            before=tabled(before(), "before"),
        )
        noted = Noted(
            at=NOTED_AT,
            restore_point=RESTORE_POINT,
            first_bad_at=BAD_AT,
            former=FORMER,
            restored=RESTORED,
            pattern=PATTERN,
        )
        return RestoreEvidence(
            drill=drill,
            damaged=self.damaged,
            former=tabled(self.former),
            limits=self.limits,
            came=None if self.came is None else tabled(self.came),
            noted=noted if self.noted else None,
            noticed_at=NOTED_AT if self.noted else None,
            served_from=self.served_from,
            validated=self.validated,
            replayed=Replayed(replayed=2, rebased=1, conflicts=self.conflicts) if self.noted else None,
        )
