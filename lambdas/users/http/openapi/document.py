"""The OpenAPI 3.1 document of the API, from the types that read requests and write responses."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

from lambdas.users.http.openapi import beside, headers, many, problems, schemas, users
from lambdas.users.http.openapi.inputs import body, inputs
from lambdas.users.http.openapi.operation import Answer, Operation
from lambdas.users.http.problem import Problem

# The major number moves when a client of the document before would break.
VERSION = "1.0.0"
OPERATIONS: Sequence[Operation] = (*users.OPERATIONS, *many.OPERATIONS, *beside.OPERATIONS)


@cache
def encoded() -> str:
    """Return the document as indented JSON; it is made when it is first asked for."""
    return msgspec.json.format(msgspec.json.encode(document()), indent=2).decode() + "\n"


def document() -> dict[str, Any]:
    """Return the document, in which examples are still structs."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Users",
            "version": VERSION,
            "description": (
                "Users in two AWS Regions, each of which serves all of this. While traffic moves from one to "
                "the other, as planned, writes may be paused: reads go on."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": ".", "description": "The region that this document came from"}],
        "paths": _paths(),
        "components": {
            "schemas": schemas.components(_types()),
            "headers": headers.RESPONSE,
            "responses": problems.components(),
        },
    }


def _types() -> Sequence[Any]:
    """List the types of all documents."""
    asked = [operation.body for operation in OPERATIONS]
    answered = [answer.document for operation in OPERATIONS for answer in operation.answers]
    return [Problem, *(found for found in (*asked, *answered) if found is not None)]


def _paths() -> dict[str, dict[str, Any]]:
    """Describe the operations by path and method."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return paths


def _operation(operation: Operation) -> dict[str, Any]:
    """Describe an operation."""
    described: dict[str, Any] = {"operationId": operation.id, "summary": operation.summary}
    if operation.description:
        described["description"] = operation.description
    if parameters := inputs(operation):
        described["parameters"] = parameters
    if operation.body is not None:
        described["requestBody"] = body(operation)
    return {**described, "responses": _responses(operation)}


def _responses(operation: Operation) -> Mapping[str, Any]:
    """Describe the answers and failures of an operation."""
    answers = {str(answer.status): _answer(answer) for answer in operation.answers}
    failures = {
        str(status): {"$ref": f"#/components/responses/{problems.name(status, write=operation.writes)}"}
        for status in (*operation.problems, *problems.EVERYWHERE)
    }
    return dict(sorted({**answers, **failures}.items()))


def _answer(answer: Answer) -> dict[str, Any]:
    """Describe a success."""
    names = (*headers.EVERY_RESPONSE, *answer.headers)
    described: dict[str, Any] = {
        "description": answer.description,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
    }
    if answer.document is not None:
        content: dict[str, Any] = {"schema": schemas.schema(answer.document)}
        if answer.example is not None:
            content["example"] = answer.example
        described["content"] = {"application/json": content}
    return described
