"""A released table may change only as CloudFormation can change it, and never so that rows are lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stacks.table_changes import refusals
from stacks.tables import TableStack, tables_of
from tests.stacks.users_table import (
    HOME,
    PEER,
    RELEASED,
    THIRD,
    Change,
    add_index,
    add_replica,
    drop_index,
    drop_replica,
    in_each_replica,
    index,
    of_type,
    project_less,
    proposed,
    put,
    rekey_index,
    replica,
    stack,
    users_table,
)


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ([put("TableName", "people")], {"TableReplaced": "TableName changes, which would replace the table"}),
        (
            [put("KeySchema", [{"AttributeName": "user_id", "KeyType": "HASH"}])],
            {"TableReplaced": "KeySchema changes"},
        ),
        (
            [put("LocalSecondaryIndexes", [index("local")])],
            {"TableReplaced": "LocalSecondaryIndexes changes"},
        ),
        ([put("GlobalTableSourceArn", "arn")], {"TableReplaced": "GlobalTableSourceArn changes"}),
        ([of_type("timestamp", "N")], {"TableReplaced": "the type of its key timestamp changes"}),
        ([put("MultiRegionConsistency", "STRONG")], {"TableFixed": "MultiRegionConsistency changes"}),
        (
            [put("StreamSpecification", {"StreamViewType": "KEYS_ONLY"})],
            {"TableFixed": "StreamSpecification"},
        ),
        ([rekey_index], {"IndexChanged": "the keys or the projection of email-index change"}),
        ([project_less], {"IndexChanged": "the keys or the projection of email-index change"}),
        ([of_type("age", "S")], {"IndexChanged": "the keys or the projection of age-index change"}),
        (
            [add_index("name-index"), add_index("city-index")],
            {"OneIndexAtATime": "2 indexes are added or removed at once: city-index, name-index."},
        ),
        (
            [drop_index, add_index("name-index")],
            {"OneIndexAtATime": "2 indexes are added or removed at once: email-index, name-index."},
        ),
        (
            [add_replica(THIRD), add_replica("eu-south-1")],
            {"OneReplicaAtATime": "2 replicas are added or removed at once: eu-north-1, eu-south-1."},
        ),
        (
            [add_index("name-index"), add_replica(THIRD)],
            {"IndexOrReplica": "an index and a replica change at once"},
        ),
        (
            [drop_replica(PEER)],
            {"ReplicaRemoved": f"the replica in {PEER} is removed, and with it the Region"},
        ),
        (
            [drop_replica(HOME)],
            {"ReplicaRemoved": f"the replica in {HOME} is removed, the Region of the stack"},
        ),
        (
            [drop_replica(PEER), add_replica(THIRD)],
            {"OneReplicaAtATime": "2 replicas", "ReplicaRemoved": f"the replica in {PEER}"},
        ),
        (
            [in_each_replica(DeletionProtectionEnabled=False)],
            {"GuardRemoved": f"deletion protection is taken away in {PEER}"},
        ),
        (
            [in_each_replica(PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False})],
            {"GuardRemoved": f"point-in-time recovery is taken away in {PEER}"},
        ),
    ],
)
def test_a_change_that_cannot_be_made_is_refused_with_what_to_do_instead(
    changes: list[Change], refused: dict[str, str]
) -> None:
    found = refusals(RELEASED, proposed(*changes))
    assert {refusal.rule for refusal in found} == refused.keys()
    for rule, what in refused.items():
        assert any(refusal.rule == rule and what in refusal.what for refusal in found)
    assert all(refusal.what.startswith("Users: ") and refusal.instead.endswith(".") for refusal in found)


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [add_index("name-index")],
        [drop_index],
        [add_replica(THIRD)],
        [put("TimeToLiveSpecification", {"Enabled": False})],
        [put("BillingMode", "PROVISIONED")],
        [in_each_replica(Tags=[{"Key": "Project", "Value": "another"}])],
    ],
)
def test_a_change_that_can_be_made_passes(changes: list[Change]) -> None:
    assert refusals(RELEASED, proposed(*changes)) == []


def test_a_removed_table_is_refused() -> None:
    (refusal,) = refusals(RELEASED, stack())
    assert (refusal.rule, refusal.what) == ("TableRemoved", "Users: the table is removed.")


def test_a_new_logical_id_is_refused_as_a_second_table_of_the_same_name() -> None:
    (refusal,) = refusals(RELEASED, stack(People=users_table()))
    assert (refusal.rule, refusal.instead) == ("TableReplaced", "Keep the logical id.")


def test_a_table_of_another_type_is_refused_once() -> None:
    (refusal,) = refusals(RELEASED, stack(Users={**users_table(), "Type": "AWS::DynamoDB::Table"}))
    assert refusal.what == "Users: its type becomes AWS::DynamoDB::Table, which would replace the table."


@pytest.mark.parametrize("policy", ["DeletionPolicy", "UpdateReplacePolicy"])
@pytest.mark.parametrize("value", ["Delete", None])
def test_a_table_that_no_longer_outlives_its_stack_is_refused(policy: str, value: str | None) -> None:
    table = {part: each for part, each in users_table().items() if part != policy}
    (refusal,) = refusals(RELEASED, stack(Users=table if value is None else {**table, policy: value}))
    assert refusal.what == f"Users: {policy} no longer Retain."


def test_a_stack_that_moves_to_another_region_is_refused() -> None:
    (refusal,) = refusals(RELEASED, stack(region=PEER, Users=users_table()))
    assert refusal.rule == "StackMoved"


def test_a_table_beside_the_released_one_passes() -> None:
    assert refusals(RELEASED, stack(Users=users_table(), People=users_table())) == []


def test_a_template_is_asked_for_its_tables_only() -> None:
    template = {
        "Resources": {"Users": {**users_table(), "Metadata": {}}, "Bus": {"Type": "AWS::Events::EventBus"}}
    }
    assert tables_of(template) == {"Users": users_table()}
    assert tables_of({}) == {}


NAMES = st.sets(st.sampled_from(["email-index", "age-index", "a-index", "b-index", "c-index"]))
REGIONS = st.sets(st.sampled_from([PEER, THIRD, "eu-south-1", "us-east-1"]))


def table_with(names: set[str], regions: set[str]) -> TableStack:
    table = users_table()
    table["Properties"]["GlobalSecondaryIndexes"] = [index(name) for name in sorted(names)]
    table["Properties"]["Replicas"] = [replica(region) for region in sorted({HOME, *regions})]
    return stack(Users=table)


@given(NAMES, NAMES, REGIONS, REGIONS)
def test_one_index_or_one_more_replica_passes_and_nothing_else_does(
    names: set[str], more_names: set[str], regions: set[str], more_regions: set[str]
) -> None:
    indexes, replicas = names ^ more_names, regions ^ more_regions
    one_thing = len(indexes) + len(replicas) <= 1 and not regions - more_regions
    found = refusals(table_with(names, regions), table_with(more_names, more_regions))
    assert (found == []) == one_thing


@given(NAMES, REGIONS)
def test_what_was_released_can_be_released_again(names: set[str], regions: set[str]) -> None:
    assert refusals(table_with(names, regions), table_with(names, regions)) == []
