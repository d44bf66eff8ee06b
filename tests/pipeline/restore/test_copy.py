"""A table that is kept beside is made anew from the one that serves, with all that such a table has."""

from __future__ import annotations

from pipeline.drill.rows import OTHER_ROWS
from pipeline.restore.copy import Copy
from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.test_global_table import PITR, TTL, Table
from tests.pipeline.restore.staged import FORMER, RESTORED, Stage
from tests.waiting import eventually

HERE, THERE = "eu-west-1", "eu-central-1"


def made(stage: Stage) -> Stage:
    stage.users("ada", "bob")
    stage.done.clear()
    Copy(place=stage.place, name=RESTORED).make()
    return stage


def test_it_is_whole_in_both_regions_and_refuses_writes() -> None:
    stage = made(Stage())
    for region in (HERE, THERE):
        copied, served = (
            {key for key in stage.tables[name, region].rows if not key.user_id.startswith(OTHER_ROWS)}
            for name in (RESTORED, FORMER)
        )
        assert copied == served
        assert copied
        assert stage.row(f"REGION#{region}", "STATE", RESTORED, region)["state"]["S"] == "fenced"
        assert not stage.fenced(region)
    assert stage.protected == {(RESTORED, HERE), (RESTORED, THERE)}
    assert {"update_time_to_live in eu-west-1", "tag_resource in eu-central-1"} <= set(stage.done)


def test_what_is_left_of_one_is_replaced() -> None:
    stage = Stage(protected={(RESTORED, HERE)})
    stage.make(RESTORED, regions=[HERE])
    made(stage)
    assert f"delete {RESTORED} in {HERE}" in stage.done
    assert (RESTORED, THERE) in stage.tables


def test_the_stack_that_names_it_can_be_changed_as_before(lone_region: LoneRegion) -> None:
    """In a Region's own process."""
    serving, kept = Table(lone_region), Table(lone_region)
    with_past = serving.resources({"PointInTimeRecoverySpecification": PITR})
    assert serving.stack.create(with_past) == "CREATE_COMPLETE"
    assert kept.stack.create(kept.resources()) == "CREATE_COMPLETE"
    serving.dynamodb.put_item(TableName=serving.name, Item={"id": {"S": "ada"}})
    kept.dynamodb.delete_table(TableName=kept.name)
    kept.dynamodb.restore_table_to_point_in_time(
        SourceTableName=serving.name, TargetTableName=kept.name, UseLatestRestorableTime=True
    )
    eventually(lambda: _status(kept) == "ACTIVE")
    assert kept.stack.update(kept.resources(TimeToLiveSpecification=TTL)) == "UPDATE_COMPLETE"
    assert kept.rows() == [{"id": {"S": "ada"}}]
    assert kept.ttl()["TimeToLiveStatus"] == "ENABLED"


def _status(table: Table) -> str:
    return table.dynamodb.describe_table(TableName=table.name)["Table"]["TableStatus"]
