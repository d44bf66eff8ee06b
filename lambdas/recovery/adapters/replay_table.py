"""A replay, from one table into another."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from lambdas.recovery.adapters import replay_writes
from lambdas.recovery.adapters.replay_rows import Contents, contents
from lambdas.recovery.adapters.replay_writes import MOST_WRITES, Changed
from lambdas.recovery.domain import replay as domain
from lambdas.recovery.domain.corruption import Corruption
from lambdas.recovery.domain.plan import Conflict, Plan, Why
from lambdas.recovery.domain.replay import Transfer
from lambdas.users.adapters.bulk import remove
from lambdas.users.adapters.call import DynamoError
from lambdas.users.adapters.item import Item
from lambdas.users.adapters.lanes import side_by_side
from lambdas.users.adapters.table import TRANSIENT, Table, as_failure, pauses
from lambdas.users.adapters.transaction import Write, refusals, send


class Outcome(Struct, frozen=True, kw_only=True):
    """What a replay did.

    `replayed` versions of users and `deleted` deletions of users were written. Of both, `rebased` are put on
    other versions than in the former table, since those are of the corruption. `corrupt` versions are left
    out, and `receipts` were copied. A second replay of the same tables writes none, leaves out the same, and
    finds the same conflicts.
    """

    replayed: int
    rebased: int
    corrupt: int
    deleted: int
    receipts: int
    conflicts: Sequence[Conflict]


class Work(Struct, frozen=True):
    """What is to be done for one user: the plan, and the transactions in their order."""

    plan: Plan
    transactions: Sequence[Sequence[Write]]


def replay(former: Table, restored: Table, corruption: Corruption | None) -> Outcome:
    """Bring into the restored table what was acknowledged in the former one and is not of the corruption.

    It goes by presence, not by time: every write made a row of history that never changes, so what the former
    table has of these and the restored one has not is what came after the restore point. Receipts come over
    too; the states of Regions do not. Everything is written on the condition that the restored table is as it
    was read: a replay may end anywhere, or run twice at once, and be run again. A row that nobody can read is
    left out and is a conflict.

    Both tables are held in memory, at about 5 kB a row: some 300,000 rows together in a function with 2 GB.
    Raises RepositoryUnavailable, or DynamoError where a table cannot be read or written at all.
    """
    before, after = contents(former), contents(restored)
    plans = domain.plans(before.users, after.users, corruption)
    work = _work(plans.values(), domain.transfers(plans, after.claims), before)
    changed = _flat(side_by_side(lambda pack: _do_pack(restored, pack), _packs(work)))
    receipts = _receipts(before, after)
    refused = list(_flat(side_by_side(lambda write: _copy(restored, write), receipts)))
    added = [record for each in work for record in each.plan.added]
    return Outcome(
        replayed=sum(not record.deletes for record in added),
        rebased=sum(each.plan.rebased for each in work),
        corrupt=sum(plan.corrupt for plan in plans.values()),
        deleted=sum(record.deletes for record in added),
        receipts=len(receipts) - len(refused),
        conflicts=[
            *before.unreadable,
            *(conflict for conflict in after.unreadable if conflict not in before.unreadable),
            *_flat(plan.conflicts for plan in plans.values()),
            *changed,
            *refused,
        ],
    )


def _work(plans: Iterable[Plan], transfers: Iterable[Transfer], former: Contents) -> Sequence[Work]:
    """Find those users for whom there is anything to do; each transfer goes with one of the two."""
    handed: dict[str, list[Transfer]] = defaultdict(list)
    for transfer in transfers:
        handed[transfer.taker or transfer.giver or ""].append(transfer)
    known = [(plan, handed.pop(plan.user_id, ())) for plan in plans]
    unknown = [(domain.unknown(user_id), given) for user_id, given in handed.items()]
    work = [Work(plan, replay_writes.transactions(plan, given, former)) for plan, given in (*known, *unknown)]
    return [each for each in work if each.transactions or each.plan.removed]


def _packs(work: Iterable[Work]) -> Sequence[Sequence[Work]]:
    """Put as many users together as one transaction takes: it takes a tenth of the time of as many alone."""
    packs: list[list[Work]] = []
    room = 0
    for each in work:
        writes = sum(map(len, each.transactions))
        if not packs or writes > room:
            packs.append([])
            room = MOST_WRITES
        packs[-1].append(each)
        room -= writes
    return packs


def _do_pack(restored: Table, pack: Sequence[Work]) -> Sequence[Conflict]:
    """Write some users, and each alone where one of them stands in the way of the others."""
    together = [write for each in pack for writes in each.transactions for write in writes]
    try:
        if len(pack) > 1:
            _commit(restored, together)
            pack = [Work(each.plan, ()) for each in pack]
    except Changed:
        pass
    return list(_flat(_do(restored, each) for each in pack))


def _do(restored: Table, work: Work) -> Sequence[Conflict]:
    """Write one user; what went with a deletion is removed after it, as the application does that."""
    plan = work.plan
    try:
        for writes in work.transactions:
            _commit(restored, writes)
    except Changed:
        last = plan.current or max(plan.added, key=lambda record: record.version_id, default=None)
        version_id = last.version_id if last else ""
        return [Conflict(user_id=plan.user_id, version_id=version_id, why=Why.CHANGED)]
    remove(restored, [_key(plan.user_id, version_id) for version_id in plan.removed])
    return []


def _copy(restored: Table, write: Write) -> Sequence[Conflict]:
    """Write a receipt; it has no version, and its key is a digest that says nothing of a user."""
    try:
        _commit(restored, [write])
    except Changed:
        return [Conflict(user_id=write.row["user_id"]["S"], version_id="", why=Why.CHANGED)]
    return []


def _commit(table: Table, writes: Sequence[Write]) -> None:
    """Do all of the writes that are not done yet, or none and raise Changed.

    Raises RepositoryUnavailable or DynamoError too.
    """
    left, waits = list(writes), pauses()
    while left:
        try:
            send(table, left)
        except DynamoError as error:
            failure = error
        else:
            return
        refused = dict(refusals(failure, left))
        for refusal in refused.values():
            if isinstance(refusal, Changed):
                raise refusal from failure
        left = [write for position, write in enumerate(left) if position not in refused]
        if not refused and (TRANSIENT.isdisjoint((failure.code, *failure.reasons)) or not table.wait(waits)):
            raise as_failure(failure)


def _receipts(before: Contents, after: Contents) -> Sequence[Write]:
    """Find the receipts that the restored table lacks, or of which it has one that expired since."""
    return [
        replay_writes.receipt(row, known)
        for key, row in before.receipts.items()
        for known in [after.receipts.get(key)]
        if known is None or known["at"]["S"] < row["at"]["S"]
    ]


def _key(user_id: str, version_id: str) -> Item:
    """Write the key of a history row."""
    return {"user_id": {"S": user_id}, "timestamp": {"S": version_id}}


def _flat(parts: Iterable[Sequence[Conflict]]) -> Iterator[Conflict]:
    """Put lists of conflicts into one."""
    return (conflict for part in parts for conflict in part)
