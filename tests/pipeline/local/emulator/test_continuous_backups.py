"""A table is restored as it was at an instant within its window, and at no other."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.recoverable import Recoverable, Rows, instant, row
from tests.pipeline.local.emulator.test_global_table import Table

SECOND = 1_000_000


@pytest.fixture
def table(lone_region: LoneRegion) -> Recoverable:
    return Recoverable(lone_region)


def put(table: Recoverable, rows: Rows, id: str, n: int) -> None:
    table.dynamodb.put_item(TableName=table.name, Item=row(id, n))
    rows[id] = row(id, n)


def update(table: Recoverable, rows: Rows, id: str, n: int) -> None:
    table.dynamodb.update_item(
        TableName=table.name,
        Key={"id": {"S": id}},
        UpdateExpression="SET n = :n",
        ExpressionAttributeValues={":n": {"N": str(n)}},
    )
    rows[id] = {"id": {"S": id}, **rows.get(id, {}), "n": {"N": str(n)}}


def delete(table: Recoverable, rows: Rows, id: str, _n: int) -> None:
    table.dynamodb.delete_item(TableName=table.name, Key={"id": {"S": id}})
    rows.pop(id, None)


def transact(table: Recoverable, rows: Rows, id: str, n: int) -> None:
    both: Any = [
        {"Put": {"TableName": table.name, "Item": row("both", n)}},
        {"Delete": {"TableName": table.name, "Key": {"id": {"S": id}}}},
    ]
    table.dynamodb.transact_write_items(TransactItems=both)
    rows["both"] = row("both", n)
    rows.pop(id, None)


WRITES: list[Callable[[Recoverable, Rows, str, int], None]] = [put, update, delete, transact]


def test_a_restored_table_has_the_rows_of_the_instant_also_exactly_at_a_write(table: Recoverable) -> None:
    dice = random.Random(7)  # noqa: S311
    rows: Rows = {}
    there: dict[int, Rows] = {}
    for n in range(40):
        dice.choice(WRITES)(table, rows, dice.choice(["ada", "bob", "eve"]), n)
        there[max(table.stamps(), default=0)] = dict(rows)
    stamps = sorted(stamp for stamp in there if stamp)
    for at in dice.sample(stamps, 6):
        assert table.restored(at) == there[at]
        before = [stamp for stamp in stamps if stamp < at]
        assert table.restored(at - 1) == (there[before[-1]] if before else {}) or at - 1 in table.stamps()
    assert table.restored() == rows


def test_indexes_of_a_restored_table_answer(table: Recoverable) -> None:
    table.put("ada", 1)
    target = table.await_active(table.restore())
    found = table.dynamodb.query(
        TableName=target,
        IndexName="email-index",
        KeyConditionExpression="email = :e",
        ExpressionAttributeValues={":e": {"S": "ada@example.com"}},
    )
    assert found["Items"] == [row("ada", 1)]


def test_a_table_has_the_indexes_that_it_had_at_the_instant(table: Recoverable) -> None:
    at = table.put("ada")
    table.dynamodb.update_table(
        TableName=table.name, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "email-index"}}]
    )
    now = table.await_active(table.restore())
    then = table.await_active(table.restore(at))
    assert "GlobalSecondaryIndexes" not in table.describe(now)
    assert [index["IndexName"] for index in table.describe(then)["GlobalSecondaryIndexes"]] == ["email-index"]


def test_the_window_is_told_in_whole_seconds_and_outlives_a_kill(lone_region: LoneRegion) -> None:
    table = Recoverable(lone_region, recovery=False)
    assert table.recovery() == {"PointInTimeRecoveryStatus": "DISABLED"}
    told = table.switch(on=True, RecoveryPeriodInDays=7)
    stamp = table.put("ada")
    lone_region.kill()
    lone_region.start()

    later = table.recovery()
    earliest = later["EarliestRestorableDateTime"]
    assert (later["PointInTimeRecoveryStatus"], later["RecoveryPeriodInDays"]) == ("ENABLED", 7)
    assert earliest == told["EarliestRestorableDateTime"]
    assert earliest.microsecond == 0
    assert instant(stamp - SECOND) < earliest < instant(stamp + SECOND)
    assert later["LatestRestorableDateTime"] >= told["LatestRestorableDateTime"]
    assert table.restored(stamp) == {"ada": row("ada")}


def test_the_window_of_a_stack_s_table_stays_when_the_stack_changes(lone_region: LoneRegion) -> None:
    table = Table(lone_region)
    recovery = {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 9}
    replica = {"PointInTimeRecoverySpecification": recovery}
    assert table.stack.create(table.resources(replica)) == "CREATE_COMPLETE"
    told = window(table)
    table.dynamodb.put_item(TableName=table.name, Item={"id": {"S": "ada"}})
    protected = {**replica, "DeletionProtectionEnabled": True}
    assert table.stack.update(table.resources(protected)) == "UPDATE_COMPLETE"
    assert window(table) == told
    assert told["RecoveryPeriodInDays"] == 9


def window(table: Table) -> dict[str, Any]:
    answer = table.dynamodb.describe_continuous_backups(TableName=table.name)["ContinuousBackupsDescription"]
    recovery: dict[str, Any] = dict(answer.get("PointInTimeRecoveryDescription", {}))
    del recovery["LatestRestorableDateTime"]
    return recovery


def test_recovery_that_is_switched_off_and_on_begins_anew(table: Recoverable) -> None:
    former = table.put("ada", 1)
    table.switch(on=True)  # it was on: nothing begins
    assert table.restored(former) == {"ada": row("ada", 1)}
    assert table.switch(on=False) == {"PointInTimeRecoveryStatus": "DISABLED"}
    table.switch(on=True)
    later = table.put("ada", 2)
    with pytest.raises(
        table.dynamodb.exceptions.InvalidRestoreTimeException, match="must be between Earliest"
    ):
        table.restore(former)
    assert table.restored(later) == {"ada": row("ada", 2)}


def test_a_table_that_was_made_again_has_no_former_window(table: Recoverable) -> None:
    stamp = table.put("ada")
    described = table.describe()
    table.dynamodb.delete_table(TableName=table.name)
    table.dynamodb.create_table(
        TableName=table.name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=described["KeySchema"],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    with pytest.raises(table.dynamodb.exceptions.PointInTimeRecoveryUnavailableException):
        table.restore(stamp)
    table.switch(on=True)
    with pytest.raises(table.dynamodb.exceptions.InvalidRestoreTimeException):
        table.restore(stamp)
    assert table.restored() == {}


@pytest.mark.parametrize("late", [-SECOND, 3600 * SECOND])
def test_an_instant_outside_the_window_is_refused(table: Recoverable, late: int) -> None:
    stamp = table.put("ada")
    with pytest.raises(table.dynamodb.exceptions.InvalidRestoreTimeException) as refused:
        table.restore(stamp + late)
    assert refused.value.response["Error"]["Message"] == (
        "An invalid restore time was specified. RestoreDateTime must be between EarliestRestorableDateTime "
        "and LatestRestorableDateTime."
    )


def test_without_recovery_nothing_is_restored(lone_region: LoneRegion) -> None:
    table = Recoverable(lone_region, recovery=False)
    with pytest.raises(table.dynamodb.exceptions.PointInTimeRecoveryUnavailableException) as refused:
        table.restore()
    message = f"Point in time recovery is not enabled for table '{table.name}'"
    assert refused.value.response["Error"]["Message"] == message


def test_a_source_can_be_named_by_its_arn(table: Recoverable) -> None:
    table.put("ada")
    arn = table.describe()["TableArn"]
    table.dynamodb.restore_table_to_point_in_time(
        SourceTableArn=arn, TargetTableName=f"{table.name}-by-arn", UseLatestRestorableTime=True
    )
    assert table.rows(table.await_active(f"{table.name}-by-arn")) == {"ada": row("ada")}


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"UseLatestRestorableTime": False}, "ValidationException"),
        ({"RestoreDateTime": 1, "UseLatestRestorableTime": True}, "ValidationException"),
        ({"SourceTableName": "nowhere"}, "TableNotFoundException"),
        (
            {"SourceTableArn": "arn:aws:dynamodb:eu-west-1:000000000000:table/nowhere"},
            "TableNotFoundException",
        ),
        ({"SourceTableName": None}, "ValidationException"),
        ({"TargetTableName": "no spaces"}, "ValidationException"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(
    table: Recoverable, request_: dict[str, Any], code: str
) -> None:
    whole = {
        "SourceTableName": table.name,
        "TargetTableName": f"{table.name}-refused",
        "UseLatestRestorableTime": True,
        **request_,
    }
    if "SourceTableArn" in request_:
        del whole["SourceTableName"]
    given: Any = {name: value for name, value in whole.items() if value is not None}
    with pytest.raises(ClientError) as refused:
        table.dynamodb.restore_table_to_point_in_time(**given)
    assert refused.value.response["Error"]["Code"] == code


def test_a_period_is_no_longer_than_35_days(table: Recoverable) -> None:
    with pytest.raises(ClientError, match="less than or equal to 35"):
        table.switch(on=True, RecoveryPeriodInDays=36)
    assert table.recovery()["RecoveryPeriodInDays"] == 35


def test_a_table_that_is_not_there_has_no_backups(table: Recoverable) -> None:
    with pytest.raises(table.dynamodb.exceptions.TableNotFoundException, match="Table not found: nowhere"):
        table.dynamodb.describe_continuous_backups(TableName="nowhere")
    with pytest.raises(table.dynamodb.exceptions.TableNotFoundException):
        table.dynamodb.update_continuous_backups(
            TableName="nowhere", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
