"""The tables of a region as a test lays them out."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from lambdas.recovery.adapters.standing_tables import StandingTables
from lambdas.users.adapters.call import DynamoError
from tests.lambdas.conftest import NOON

PREFIX = "awsbackup-restore-test-"


class Ground:
    """A DynamoCall over tables of some hours ago; each page of names has two."""

    def __init__(self, *, refuses: str | None = None, denies: str | None = None) -> None:
        self.deleted: list[str] = []
        self._refuses, self._denies = refuses, denies
        self._tables: dict[str, dict[str, Any]] = {}

    def add(self, name: str, *, hours: float, protected: bool = False) -> None:
        self._tables[name] = {
            "TableName": name,
            "TableStatus": "ACTIVE",
            "CreationDateTime": (NOON - timedelta(hours=hours)).timestamp(),
            "DeletionProtectionEnabled": protected,
        }

    @property
    def names(self) -> list[str]:
        return sorted(self._tables)

    @property
    def tables(self) -> StandingTables:
        return StandingTables(self)

    def __call__(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        if self._denies:
            raise DynamoError(self._denies)
        match operation:
            case "ListTables":
                start = request.get("ExclusiveStartTableName", "")
                later = [name for name in self.names if name > start]
                return {
                    "TableNames": later[:2],
                    **({"LastEvaluatedTableName": later[1]} if len(later) > 2 else {}),
                }
            case "DescribeTable":
                return {"Table": self._tables[request["TableName"]]}
            case "DeleteTable":
                self.deleted.append(request["TableName"])
                if self._refuses:
                    raise DynamoError(self._refuses)
                return {"TableDescription": self._tables.pop(request["TableName"])}
        raise AssertionError(operation)
