"""Which changes to a released table are refused: those that CloudFormation cannot make, or that lose rows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from stacks.tables import Resource, TableStack, indexes, key_types, replicas

# An update of one of these makes a new, empty table, or is refused
# (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html).
REPLACING = ("TableName", "KeySchema", "LocalSecondaryIndexes", "GlobalTableSourceArn")
FOR_A_NEW_TABLE = (
    "Leave it as it was. If it must change, make a second table beside this one under another logical id and "
    "name, copy the rows, and move the readers over."
)


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A change that must not be deployed: which rule it breaks, what it is, and what to do instead."""

    rule: str
    table: str
    what: str
    instead: str


def refusals(released: TableStack, proposed: TableStack) -> list[Refusal]:
    """What of a proposed stack must not follow the released one; nothing is said of tables that are new.

    CloudFormation makes or drops one index, and adds one replica, in an update, and it is asked to do nothing
    else meanwhile: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html
    """
    found = []
    for id_, table in released.tables.items():
        if released.region != proposed.region and proposed.tables:
            found.append(_moved(id_, proposed.region))
        elif id_ not in proposed.tables:
            found.append(_gone(id_, table, proposed))
        else:
            found += [
                Refusal(rule=rule, table=id_, what=f"{id_}: {what}", instead=instead)
                for rule, check in RULES.items()
                for what, instead in check(table, proposed.tables[id_], released.region)
            ]
    return found


def _moved(id_: str, region: str) -> Refusal:
    return Refusal(
        rule="StackMoved",
        table=id_,
        what=f"{id_}: its stack moves to {region}, where it would be made anew.",
        instead="Keep the stack where it is: each replica takes writes, and routing chooses one.",
    )


def _gone(id_: str, table: Resource, proposed: TableStack) -> Refusal:
    name = table["Properties"].get("TableName")
    for other, candidate in proposed.tables.items():
        if name is not None and candidate["Properties"].get("TableName") == name:
            what = f"{id_}: its logical id becomes {other}, so CloudFormation would make a second {name}."
            return Refusal(rule="TableReplaced", table=id_, what=what, instead="Keep the logical id.")
    return Refusal(
        rule="TableRemoved",
        table=id_,
        what=f"{id_}: the table is removed.",
        instead="Keep it in the stack: nothing guards, copies or watches a table that no stack has.",
    )


def _replaced(old: Resource, new: Resource, _region: str) -> Iterator[tuple[str, str]]:
    """What would make a new, empty table."""
    if old["Type"] != new["Type"]:
        yield f"its type becomes {new['Type']}, which would replace the table.", FOR_A_NEW_TABLE
        return
    before, after = old["Properties"], new["Properties"]
    for field in REPLACING:
        if before.get(field) != after.get(field):
            yield f"{field} changes, which would replace the table.", FOR_A_NEW_TABLE
    for key in before.get("KeySchema", []):
        name = key["AttributeName"]
        if name in key_types(new) and key_types(old).get(name) != key_types(new)[name]:
            yield f"the type of its key {name} changes, which would replace the table.", FOR_A_NEW_TABLE


def _fixed(old: Resource, new: Resource, _region: str) -> Iterator[tuple[str, str]]:
    """What can be chosen only for a table without replicas."""
    for field in ("MultiRegionConsistency", "StreamSpecification"):
        if len(replicas(old)) > 1 and old["Properties"].get(field) != new["Properties"].get(field):
            yield f"{field} changes, and a table with replicas keeps its own.", FOR_A_NEW_TABLE


def _index_keys(old: Resource, new: Resource, _region: str) -> Iterator[tuple[str, str]]:
    """Indexes that stay, with other keys or another projection."""
    before, after = indexes(old), indexes(new)
    for name in before.keys() & after.keys():
        if before[name] != after[name]:
            yield (
                f"the keys or the projection of {name} change, which no index can.",
                "Add another index, let readers use it, and remove this one in a later release.",
            )


def _several_indexes(old: Resource, new: Resource, _region: str) -> Iterator[tuple[str, str]]:
    changed = indexes(old).keys() ^ indexes(new).keys()
    if len(changed) > 1:
        yield (
            f"{len(changed)} indexes are added or removed at once: {', '.join(sorted(changed))}.",
            "Release one index at a time, each when the one before it is ACTIVE in every Region.",
        )


def _several_replicas(old: Resource, new: Resource, _region: str) -> Iterator[tuple[str, str]]:
    changed = replicas(old).keys() ^ replicas(new).keys()
    if len(changed) > 1:
        yield (
            f"{len(changed)} replicas are added or removed at once: {', '.join(sorted(changed))}.",
            "Release one Region at a time.",
        )


def _both(old: Resource, new: Resource, _region: str) -> Iterator[tuple[str, str]]:
    if indexes(old).keys() != indexes(new).keys() and replicas(old).keys() != replicas(new).keys():
        yield (
            "an index and a replica change at once.",
            "Release the index first; then, when it is ACTIVE in every Region, the replica.",
        )


def _replica_removed(old: Resource, new: Resource, region: str) -> Iterator[tuple[str, str]]:
    for lost in sorted(replicas(old).keys() - replicas(new).keys()):
        if lost == region:
            yield (
                f"the replica in {lost} is removed, the Region of the stack itself, which cannot be.",
                "Keep it: only the deletion of the stack could, and it keeps the table.",
            )
        else:
            yield (
                f"the replica in {lost} is removed, and with it the Region to fail over to.",
                "Keep it. If the Region is to be left, take its replica out of what was released, by hand "
                "and in a commit of its own that a reviewer sees.",
            )


def _unguarded(old: Resource, new: Resource, _region: str) -> Iterator[tuple[str, str]]:
    """Guards that the released table has, and the proposed one has not."""
    policies = ("DeletionPolicy", "UpdateReplacePolicy")
    if lost := [policy for policy in policies if _retains(old, policy) and not _retains(new, policy)]:
        yield f"{' and '.join(lost)} no longer Retain.", "Keep it: the table must outlive its stack."
    before, after = replicas(old), replicas(new)
    for region in sorted(before.keys() & after.keys()):
        for guard, on in GUARDS.items():
            if on(before[region]) and not on(after[region]):
                yield f"{guard} is taken away in {region}.", "Keep it on in every Region."


def _retains(table: Resource, policy: str) -> bool:
    return str(table.get(policy, "")).startswith("Retain")


GUARDS: Mapping[str, Callable[[Resource], bool]] = {
    "deletion protection": lambda replica: replica.get("DeletionProtectionEnabled") is True,
    "point-in-time recovery": lambda replica: (
        replica.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled") is True
    ),
}
RULES: Mapping[str, Callable[[Resource, Resource, str], Iterator[tuple[str, str]]]] = {
    "TableReplaced": _replaced,
    "TableFixed": _fixed,
    "IndexChanged": _index_keys,
    "OneIndexAtATime": _several_indexes,
    "OneReplicaAtATime": _several_replicas,
    "IndexOrReplica": _both,
    "ReplicaRemoved": _replica_removed,
    "GuardRemoved": _unguarded,
}
