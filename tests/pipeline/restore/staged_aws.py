"""The calls to AWS that a restore makes, on a stage."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from pipeline.drill.rows import Key
from tests.pipeline.drill.replicas import Replica

if TYPE_CHECKING:
    from tests.pipeline.restore.staged import Stage

SOUND = {"status": "SUCCESSFUL", "message": "nothing is wrong", "users": 3, "sampled": 3, "claims": 3}
BROKEN = {"status": "FAILED", "message": "a claim is nobody's"}


def error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, "staged")


class StagedTables:
    """One Region's DynamoDB, as far as a restore speaks to it."""

    def __init__(self, stage: Stage, region: str) -> None:
        self._stage, self._region = stage, region

    def put_item(self, *, TableName: str, Item: dict[str, Any]) -> None:  # noqa: N803
        if "state" in Item:
            self._note(f"{Item['state']['S']} {TableName}")
        self._replica(TableName).commit(time.time(), {_key(Item): Item})
        self._stage.replicate()

    def get_item(self, *, TableName: str, Key: dict[str, Any], ConsistentRead: bool) -> dict[str, Any]:  # noqa: N803, ARG002
        found = self._replica(TableName).get(_key(Key))
        return {"Item": found} if found else {}

    def get_paginator(self, _operation: str) -> StagedTables:
        return self

    def paginate(self, *, TableName: str, ConsistentRead: bool) -> Sequence[dict[str, Any]]:  # noqa: N803, ARG002
        rows = self._replica(TableName).rows.values()
        return [{"Items": [row.item for row in rows if row.item is not None]}]

    def transact_write_items(self, *, TransactItems: Sequence[dict[str, Any]]) -> None:  # noqa: N803
        writes: dict[Key, Any] = {}
        for item in TransactItems:
            ((verb, one),) = item.items()
            replica, key = (
                self._replica(one["TableName"]),
                _key(one["Key"] if verb == "Delete" else one["Item"]),
            )
            known, condition = replica.get(key), one.get("ConditionExpression", "")
            as_it_was = one.get("ExpressionAttributeValues", {}).get(":as_it_was")
            absent = condition.startswith("attribute_not_exists") and known is not None
            if absent or (as_it_was and (known or {}).get("version_id") != as_it_was):
                raise error("TransactionCanceledException")
            writes[key] = None if verb == "Delete" else one["Item"]
        replica.commit(time.time(), writes)
        self._stage.replicate()

    def describe_table(self, *, TableName: str) -> dict[str, Any]:  # noqa: N803
        self._replica(TableName)
        others = [name for table, name in self._stage.tables if table == TableName and name != self._region]
        protected = (TableName, self._region) in self._stage.protected
        return {
            "Table": {
                "TableStatus": "ACTIVE",
                "DeletionProtectionEnabled": protected,
                "Replicas": [{"RegionName": name, "ReplicaStatus": "ACTIVE"} for name in others],
            }
        }

    def update_table(self, *, TableName: str, **given: Any) -> None:  # noqa: N803, ANN401
        self._replica(TableName)
        match given:
            case {"DeletionProtectionEnabled": bool() as protected}:
                self._note(f"{'protect' if protected else 'unprotect'} {TableName}")
                change = self._stage.protected.add if protected else self._stage.protected.discard
                change((TableName, self._region))
            case {"ReplicaUpdates": [{"Create": {"RegionName": other}}]}:
                self._note(f"replicate {TableName}")
                self._stage.make(TableName, regions=[other])
                self._stage.tables[TableName, other].rebuild(self._replica(TableName))
            case {"ReplicaUpdates": [{"Delete": {"RegionName": other}}]}:
                self._delete(TableName, other)

    def delete_table(self, *, TableName: str) -> None:  # noqa: N803
        self._delete(TableName, self._region)

    def restore_table_to_point_in_time(self, **given: str) -> None:
        """Restore all that is there: on a stage the past is the present."""
        table = given["TargetTableName"]
        self._note(f"restore {table} to {given['RestoreDateTime']}")
        self._stage.make(table, regions=[self._region])
        self._stage.tables[table, self._region].rebuild(self._replica(given["SourceTableName"]))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # every setting is taken, and noted
        return lambda **_given: self._note(name)

    def _delete(self, table: str, region: str) -> None:
        if (table, region) in self._stage.protected:
            raise error("ValidationException")
        self._stage.done.append(f"delete {table} in {region}")
        del self._stage.tables[table, region]

    def _replica(self, table: str) -> Replica:
        if (table, self._region) not in self._stage.tables:
            raise error("ResourceNotFoundException")
        return self._stage.tables[table, self._region]

    def _note(self, what: str) -> None:
        if what.partition(" ")[0] in self._stage.stubborn:
            raise error("InternalServerError")
        self._stage.done.append(f"{what} in {self._region}")


class StagedFunctions:
    """One Region's functions of a restore."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803
        event = json.loads(Payload)
        name = FunctionName.rpartition("-")[2]
        self._stage.done.append(f"{name} {event.get('table') or event['to']}")
        if name in self._stage.stubborn:
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(b'{"errorMessage": "it broke"}')}
        if name == "replayer":
            return {"Payload": io.BytesIO(json.dumps(self._stage.replayed).encode())}
        broken = (
            {"status": "FAILED", "message": "a claim is nobody's"}
            if event["table"] in self._stage.unsound
            else {}
        )
        return {"Payload": io.BytesIO(json.dumps({"table": event["table"], **SOUND, **broken}).encode())}


def _key(row: Mapping[str, Any]) -> Key:
    return Key(row["user_id"]["S"], row["timestamp"]["S"])
