"""Up to a thousand users at once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain
from typing import TypeVar

from lambdas.users.adapters.call import DynamoError
from lambdas.users.adapters.item import Item, user_key, user_of
from lambdas.users.adapters.lanes import side_by_side
from lambdas.users.adapters.table import TRANSIENT, Table, as_failure, pauses
from lambdas.users.adapters.transaction import refusals, send
from lambdas.users.adapters.writes import creation
from lambdas.users.domain.twins import twins
from lambdas.users.domain.user import User

T = TypeVar("T")

WRITES_PER_TRANSACTION, KEYS_PER_READ, DELETES_PER_WRITE = 100, 100, 25  # the most that DynamoDB takes
WRITES_PER_USER = 3
WRITE_LANES = 3  # so that no more than 99 users are in memory as rows, however many there are
INVALID = frozenset({"ValidationException", "ValidationError", "ItemCollectionSizeLimitExceeded"})


def create_all(table: Table, users: Sequence[User], *, retention: timedelta) -> Mapping[int, Exception]:
    """Create users, as many in one transaction as it takes; return the errors of the others, by index."""
    refused = dict(twins(users))
    wanted = [index for index in range(len(users)) if index not in refused]

    def create(pack: Sequence[int]) -> Mapping[int, Exception]:
        return _create_pack(table, {index: users[index] for index in pack}, retention)

    packs = _batches(wanted, WRITES_PER_TRANSACTION // WRITES_PER_USER)
    for failures in side_by_side(create, packs, lanes=WRITE_LANES):
        refused.update(failures)
    return dict(sorted(refused.items()))


def get_all(table: Table, user_ids: Sequence[str]) -> Mapping[str, User]:
    """Return those of the ids that are users, by consistent reads."""

    def read(batch: Sequence[str]) -> Sequence[User]:
        wanted = {"Keys": [user_key(user_id) for user_id in batch], "ConsistentRead": True}
        pages = table.in_full("BatchGetItem", wanted)
        return [user_of(row) for page in pages for row in page["Responses"].get(table.name, ())]

    batches = _batches(list(dict.fromkeys(user_ids)), KEYS_PER_READ)
    return {user.user_id: user for user in chain.from_iterable(side_by_side(read, batches))}


def remove(table: Table, keys: Sequence[Item]) -> None:
    """Delete the rows with these keys, whatever they are."""

    def delete(batch: Sequence[Item]) -> None:
        for _ in table.in_full("BatchWriteItem", [{"DeleteRequest": {"Key": key}} for key in batch]):
            pass

    side_by_side(delete, _batches(keys, DELETES_PER_WRITE))


def _create_pack(table: Table, pack: Mapping[int, User], retention: timedelta) -> Mapping[int, Exception]:
    """Create users in one transaction, again without those whom DynamoDB refuses until it takes the others.

    A cancelled transaction wrote nothing, so that it may be repeated; one without an answer may have.
    """
    refused: dict[int, Exception] = {}
    waits = pauses()
    while pack:
        try:
            send(table, [write for user in pack.values() for write in creation(user, retention=retention)])
        except DynamoError as error:
            failure = error
        else:
            break
        found = _refused(failure, pack, retention)
        refused.update(found)
        pack = {index: user for index, user in pack.items() if index not in found}
        if found:
            continue
        if len(pack) > 1 and not INVALID.isdisjoint((failure.code, *failure.reasons)):
            return {**refused, **_create_singly(table, pack, retention)}
        if not _may_repeat(table, failure, waits):
            return {**refused, **dict.fromkeys(pack, as_failure(failure))}
    return refused


def _refused(error: DynamoError, pack: Mapping[int, User], retention: timedelta) -> Mapping[int, Exception]:
    """Find the users whose conditions failed, each with the error of the first that did."""
    owners = [index for index in pack for _ in range(WRITES_PER_USER)]
    failed = [write for user in pack.values() for write in creation(user, retention=retention)]
    found: dict[int, Exception] = {}
    for position, refusal in refusals(error, failed):
        found.setdefault(owners[position], refusal)
    return found


def _create_singly(table: Table, pack: Mapping[int, User], retention: timedelta) -> Mapping[int, Exception]:
    """Create users one by one: DynamoDB finds a fault in a request, which need not be everybody's."""
    refused: dict[int, Exception] = {}
    for index, user in pack.items():
        refused.update(_create_pack(table, {index: user}, retention))
    return refused


def _may_repeat(table: Table, error: DynamoError, waits: Iterator[float]) -> bool:
    """Pause before a cancelled transaction is repeated, if it may pass then and was not repeated enough."""
    return not TRANSIENT.isdisjoint(error.reasons) and table.wait(waits)


def _batches(items: Sequence[T], size: int) -> Sequence[Sequence[T]]:
    """Cut into batches of a size."""
    return [items[start : start + size] for start in range(0, len(items), size)]
