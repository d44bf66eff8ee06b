"""The rows that a replay writes, each on the condition that the table is as it was read."""

from collections.abc import Sequence
from datetime import timedelta

from lambdas.recovery.adapters.replay_rows import Contents
from lambdas.recovery.domain.plan import Plan
from lambdas.recovery.domain.record import Record
from lambdas.recovery.domain.replay import Transfer
from lambdas.users.adapters.item import Item, Row, claim_key, claim_row, current_row, history_row, user_key
from lambdas.users.adapters.transaction import Condition, Refusal, Write

ABSENT = "attribute_not_exists(user_id)"
MOST_WRITES = 100  # in one transaction: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html


class Done(Exception):
    """The row is already as it is to be: an earlier try of the same write was served, or another replay."""


class Changed(Exception):
    """The row is neither as it was read nor as it is to be."""


def transactions(plan: Plan, claims: Sequence[Transfer], former: Contents) -> Sequence[Sequence[Write]]:
    """Return the writes for one user, in the order in which they are to be committed.

    The current row and the claims change together and last, so that what is current has all its history. Only
    a user with some hundred versions to write takes more than one transaction.
    """
    history = [_history(record, former) for record in plan.added]
    last = [*_current(plan), *(_claim(plan, transfer) for transfer in claims)]
    room = MOST_WRITES - len(last)
    before = history[: max(0, len(history) - room)]
    packs = [before[start : start + MOST_WRITES] for start in range(0, len(before), MOST_WRITES)]
    return [pack for pack in (*packs, [*history[len(before) :], *last]) if pack]


def receipt(row: Row, known: Row | None) -> Write:
    """Return the write of a receipt in the place of an earlier one with its key, or of none."""
    return _put(_item(row), "#at", None if known is None else _item(known)["at"])


def version_row(record: Record, former: Row) -> Item:
    """Return the history row of a version: byte for byte as it was, but for what it was put upon."""
    row = {**_item(former), "version": {"N": str(record.version.number)}}
    if record.version.supersedes is not None:
        row["supersedes"] = {"S": record.version.supersedes}
    if not record.deletes:
        row["profile"] = history_row(record.user(), retention=timedelta())["profile"]
    return row


def _history(record: Record, former: Contents) -> Write:
    """Add a version."""
    row = version_row(record, former.rows[record.user_id, record.version_id])
    return _put(row, "#user_id", None)


def _current(plan: Plan) -> Sequence[Write]:
    """Move the current row, if it is to move."""
    if not plan.moves:
        return ()
    known = plan.restored.current
    version_id = None if known is None else {"S": known.version_id}
    if plan.current is not None:
        return [_put(current_row(plan.current.user()), "#version_id", version_id)]
    assert version_id is not None  # noqa: S101  # it moves, and not to another version
    return [_delete(user_key(plan.user_id), "#version_id", version_id)]


def _claim(plan: Plan, transfer: Transfer) -> Write:
    """Hand an email over."""
    giver = None if transfer.giver is None else {"S": transfer.giver}
    if transfer.taker is not None:
        assert plan.current is not None  # noqa: S101  # only a user takes an email
        return _put(claim_row(plan.current.user()), "#owner", giver)
    assert giver is not None  # noqa: S101  # it is taken from somebody where nobody takes it
    return _delete(claim_key(transfer.email), "#owner", giver)


def _item(row: Row) -> Item:
    """Copy a row."""
    return {name: dict(value) for name, value in row.items()}


def _put(row: Item, name: str, value: dict[str, str] | None) -> Write:
    """Write a row where one has a value under a name, or where there is none."""

    def refusal(there: Row | None) -> Exception:
        return Done() if there == row else Changed()

    return Write(row, _condition(name, value, refusal))


def _delete(key: Item, name: str, value: dict[str, str]) -> Write:
    """Remove a row that has a value under a name."""
    return Write(key, _condition(name, value, lambda there: Changed() if there else Done()), delete=True)


def _condition(name: str, value: dict[str, str] | None, refusal: Refusal) -> Condition:
    """Depend on a value of the row that is there, or on there being none."""
    if value is None:
        return Condition(ABSENT, refusal, asks_for_row=True)
    return Condition(
        f"{name} = :known", refusal, values={":known": value}, names={name: name[1:]}, asks_for_row=True
    )
