"""Which of DynamoDB's operations are answered here instead of by the emulator, and what is refused before."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress

from ministack.core.responses import error_response_json, get_region, json_response
from ministack.services import dynamodb

from pipeline.local.emulator.change import Item

Operation = Callable[[Item], Awaitable[Item]]
Answer = tuple[int, dict[str, str], bytes]

CREATING = "CREATING"
ROWS = {
    *("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "BatchGetItem", "BatchWriteItem"),
    *("TransactGetItems", "TransactWriteItems", "ExecuteStatement", "BatchExecuteStatement"),
    *("ExecuteTransaction", "SearchVectors"),
}
UNDEFINING = {*ROWS, "DescribeTable", "ListTables"}  # what changes no table's definition, and is frequent
CHANGES = {"DeleteTable", "UpdateTable", "UpdateTimeToLive", "TagResource", "UntagResource"}

_IN_STATEMENT = re.compile(r'\b(?:FROM|INTO|UPDATE)\s+"?([\w.-]+)', re.IGNORECASE)
_serve = dynamodb.handle_request


class RefusedError(Exception):
    """What an operation answers instead of what was asked: an error's code and message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class Dispatch:
    """DynamoDB's operations, by name: those of `operations` here, the others by the emulator.

    A table that is being created has no rows to anybody yet, and cannot be changed or deleted
    (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html).
    A process is one Region; another one's rows here would be in no journal and in no replica.
    """

    def __init__(self, region: str) -> None:
        self._region = region
        self.operations: dict[str, Operation] = {}

    async def serve(
        self, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
    ) -> Answer:
        """Answer one request, in the scope of its account and Region."""
        if (signed_for := get_region()) != self._region:
            message = f"The request is signed for {signed_for}, but this endpoint is {self._region}"
            return error_response_json("UnrecognizedClientException", message, 400)  # type: ignore[no-any-return]
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        own, unfinished = self.operations.get(action), _unfinished()
        request = _parsed(body) if own or unfinished else None
        if request is None:
            return await _serve(method, path, headers, body, query)  # type: ignore[no-any-return]
        try:
            _refuse(action, request, unfinished)
            if own:
                return json_response(await own(request))  # type: ignore[no-any-return]
        except RefusedError as refusal:
            return error_response_json(refusal.code, refusal.message, 400)  # type: ignore[no-any-return]
        return await _serve(method, path, headers, body, query)  # type: ignore[no-any-return]


def table_name(reference: object) -> str:
    """Return the name in a table's name or ARN."""
    return str(dynamodb._normalize_table_name(reference) or "")


def required(request: Item, parameter: str) -> str:
    """Return a parameter that must be there.

    Raises:
        RefusedError: ValidationException, in DynamoDB's words.
    """
    if value := request.get(parameter):
        return str(value)
    member = parameter[0].lower() + parameter[1:]
    raise invalid(
        f"1 validation error detected: Value null at '{member}' failed to satisfy constraint: "
        "Member must not be null"
    )


def invalid(message: str) -> RefusedError:
    """Return the refusal of a request that makes no sense."""
    return RefusedError("ValidationException", message)


def _parsed(body: bytes) -> Item | None:
    """Return the request in a body, or None where the emulator shall say what is wrong with it."""
    with suppress(ValueError):
        request = json.loads(body or b"{}")
        return request if isinstance(request, dict) else None
    return None


def _unfinished() -> set[str]:
    return {name for name, table in dynamodb._tables.items() if table["TableStatus"] == CREATING}


def _refuse(action: str, request: Item, unfinished: set[str]) -> None:
    """Refuse what is asked of a table that is being created."""
    if action in ROWS and unfinished.intersection(_tables(request)):
        raise RefusedError("ResourceNotFoundException", "Requested resource not found")
    named = table_name(request.get("TableName") or request.get("ResourceArn"))
    if action in CHANGES and named in unfinished:
        message = f"Attempt to change a resource which is still in use: Table is being created: {named}"
        raise RefusedError("ResourceInUseException", message)


def _tables(request: object) -> Iterator[str]:
    """Yield each table whose rows a request names, wherever in it."""
    if isinstance(request, list):
        for part in request:
            yield from _tables(part)
    elif isinstance(request, dict):
        yield table_name(request.get("TableName"))
        yield from map(table_name, request.get("RequestItems") or ())
        yield from _IN_STATEMENT.findall(str(request.get("Statement", "")))
        for member in ("TransactItems", "Statements", "TransactStatements"):
            yield from _tables(request.get(member))
        for operation in ("Get", "Put", "Update", "Delete", "ConditionCheck"):
            if isinstance(request.get(operation), dict):
                yield from _tables(request[operation])
