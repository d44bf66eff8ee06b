"""DynamoDB tables in a dictionary: as much of them as the application and a replay use, and fast."""

import operator
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from threading import RLock
from typing import Any

from lambdas.users.adapters.call import DynamoError

Row = dict[str, dict[str, Any]]
Key = tuple[str, str]

CANCELLED, FAILED = "TransactionCanceledException", "ConditionalCheckFailed"
COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<>": operator.ne,
}


class Stopped(BaseException):
    """The process ended here, as a test had it."""


class Dictionary:
    """A DynamoCall on any number of tables. `stop_after` writes it ends as a killed process does."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[Key, Row]] = {}
        self.writes = 0
        self.stop_after: int | None = None
        self.before_write: Callable[[], None] = lambda: None
        self._lock = RLock()

    def __call__(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        with self._lock:
            answer: dict[str, Any] = getattr(self, f"_{operation}")(request)
            return deepcopy(answer)

    def rows(self, table: str) -> list[Row]:
        return list(self.tables[table].values())

    def copy(self, table: str, other: str) -> None:
        self.tables[other] = deepcopy(self.tables[table])

    def _GetItem(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802  # AWS's name
        row = self.tables[request["TableName"]].get(key_of(request["Key"]))
        return {} if row is None else {"Item": row}

    def _Scan(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        segment, segments = request.get("Segment", 0), request.get("TotalSegments", 1)
        rows = self.tables[request["TableName"]]
        mine = [row for key, row in rows.items() if sum(key[0].encode()) % segments == segment]
        start = request.get("ExclusiveStartKey", 0)
        after = {"LastEvaluatedKey": start + 10} if start + 10 < len(mine) else {}
        return {"Items": mine[start : start + 10], **after}

    def _Query(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        """Answer the one query that a deletion makes."""
        user_id = request["ExpressionAttributeValues"][":user_id"]["S"]
        rows = [row for (owner, sort), row in self.tables[request["TableName"]].items() if owner == user_id]
        versions = [row for row in rows if row["timestamp"]["S"] != "CURRENT"]
        kept = [row for row in versions if row["change"]["S"] != "deleted"]
        return {"Items": [{name: row[name] for name in ("user_id", "timestamp")} for row in kept]}

    def _BatchGetItem(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        (table, wanted) = next(iter(request["RequestItems"].items()))
        rows = [self.tables[table].get(key_of(key)) for key in wanted["Keys"]]
        return {"Responses": {table: [row for row in rows if row is not None]}}

    def _BatchWriteItem(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        for table, wanted in request["RequestItems"].items():
            for each in wanted:
                self._count()
                self.tables[table].pop(key_of(each["DeleteRequest"]["Key"]), None)
        return {}

    def _TransactWriteItems(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        self._count()
        parts = [next(iter(item.items())) for item in request["TransactItems"]]
        assert len(parts) <= 100
        keys = [(part["TableName"], key_of(part.get("Item") or part["Key"])) for _, part in parts]
        assert len(set(keys)) == len(keys)
        rows = [self.tables[table].get(key) for table, key in keys]
        held = [holds(part, row) for (_, part), row in zip(parts, rows, strict=True)]
        if not all(held):
            reasons = tuple("None" if each else FAILED for each in held)
            raise DynamoError(CANCELLED, reasons, tuple(deepcopy(rows)))
        for (kind, part), (table, key) in zip(parts, keys, strict=True):
            if kind == "Put":
                self.tables[table][key] = deepcopy(part["Item"])
            else:
                self.tables[table].pop(key, None)
        return {}

    def _count(self) -> None:
        self.before_write()
        if self.stop_after is not None and self.writes >= self.stop_after:
            raise Stopped
        self.writes += 1


def key_of(row: Row) -> Key:
    return row["user_id"]["S"], row["timestamp"]["S"]


def holds(part: Mapping[str, Any], row: Row | None) -> bool:
    """Tell whether a condition holds of a row: terms joined by OR, each of one attribute."""
    return any(_terms(part, row))


def _terms(part: Mapping[str, Any], row: Row | None) -> Iterator[bool]:
    for term in part["ConditionExpression"].split(" OR "):
        if term == "attribute_not_exists(user_id)":
            yield row is None
            continue
        name, sign, value = term.split()
        name = part.get("ExpressionAttributeNames", {}).get(name, name)
        there, wanted = (row or {}).get(name), part["ExpressionAttributeValues"][value]
        yield there is not None and COMPARISONS[sign](_plain(there), _plain(wanted))


def _plain(value: Mapping[str, Any]) -> Any:  # noqa: ANN401  # a number or text
    return int(value["N"]) if "N" in value else value["S"]
