"""Attempts, rows and tables that are written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

from pipeline.drill.attempt import (
    Answered,
    Asked,
    Attempt,
    ClientKind,
    Fields,
    Operation,
    Stored,
    Wanted,
    outcome_of,
)
from pipeline.drill.facts import Facts
from pipeline.drill.rows import Key, Table, table
from tests.pipeline.drill.api import Api, claim_key, row, timestamp
from tests.pipeline.drill.replicas import Item, Replica

HERE, THERE = "eu-west-1", "eu-central-1"
T = 1_900_000_000.0
ADA: Fields = {"name": "Ada", "email": "ada@drill.example", "age": 36}
_ids = count()

Rows = Mapping[Key, Item | None]


def facts(**changes: Any) -> Facts:  # noqa: ANN401  # as Facts takes them
    values: dict[str, Any] = {"scenario": "region-outage", "primary": HERE, "secondary": THERE}
    return Facts(**{**values, "fault_at": T, "healed_at": T + 60, **changes})


def attempt(
    operation: Operation = Operation.READ,
    at: float = T,
    *,
    status: int | None = 200,
    took: float = 0.01,
    user_id: str | None = None,
    fields: Fields | None = None,
    stored: tuple[Stored, ...] = (),
    kind: ClientKind = ClientKind.OBEYS_TTL,
    write: str | None = None,
    key: str | None = None,
    if_match: str | None = None,
    region: str | None = HERE,
    fenced: bool = False,
    id: str | None = None,
) -> Attempt:
    """Return an attempt that was sent at a time, and answered with a status or, with None, not at all."""
    name = id or f"a{next(_ids)}"
    return Attempt(
        asked=Asked(
            id=name,
            write=write or f"w-{name}",
            client="client",
            kind=kind,
            operation=operation,
            users=(Wanted(user_id=user_id, fields=fields or {}),),
            sent_at=at,
            key=key,
            if_match=if_match,
        ),
        answered=Answered(
            id=name,
            answered_at=at + took,
            outcome=outcome_of(status, fenced=fenced),
            status=status,
            region=None if status is None else region,
            users=stored,
        ),
    )


def stored(number: int, *, user_id: str = "ada", email: str = "ada@drill.example") -> Stored:
    return Stored(user_id=user_id, email=email, version=number, at=at(number))


def at(number: int) -> str:
    """Return the time of a version: that many seconds after T."""
    return timestamp(T + number)


def version_id(number: int, region: str = HERE) -> str:
    return f"{at(number)}#{region}"


def version(
    number: int,
    *,
    region: str = HERE,
    supersedes: str | None = None,
    change: str | None = None,
    profile: Fields | None = None,
    user_id: str = "ada",
    life: int = 1,
    when: str | None = None,
) -> Rows:
    """Return the rows of a version: current, history and claim, or of a deletion the history row.

    Unless told, it follows the one before it in the same Region, and the first was created at 1.
    """
    change = change or ("created" if number == life else "updated")
    former = supersedes or (None if change == "created" else version_id(number - 1))
    fields = None if change == "deleted" else {**ADA, **(profile or {})}
    return Api(Replica(region)).version(
        user_id, number - life + 1, when or at(number), change, former, at(life), fields
    )


def history(rows: Rows) -> Rows:
    """Leave only the history rows."""
    return {key: item for key, item in rows.items() if key.sort not in ("CURRENT", "CLAIM")}


def claim(email: str, owner: str) -> Rows:
    return {claim_key(email): row(claim_key(email), owner=owner)}


def tabled(*parts: Rows, region: str = HERE) -> Table:
    """Return the table of these rows; of two with one key the later one counts, and None removes."""
    rows: dict[Key, Item | None] = {}
    for part in parts:
        rows.update(part)
    return table(region, [item for item in rows.values() if item is not None])


def without(rows: Rows, sort: str) -> Rows:
    """Leave out the row with a sort value."""
    return {key: item for key, item in rows.items() if key.sort != sort}
