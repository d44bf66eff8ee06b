"""What the document says of the inputs of an operation."""

from collections.abc import Iterator
from typing import Any

from lambdas.users.http.openapi import headers, schemas
from lambdas.users.http.openapi.operation import Operation


def inputs(operation: Operation) -> list[dict[str, Any]]:
    """Describe the parameters of an operation, in its path, query and headers."""
    return [*_in_path(operation), *_in_query(operation), *_in_headers(operation)]


def body(operation: Operation) -> dict[str, Any]:
    """Describe the body of an operation that takes one."""
    examples = {name: {"value": value} for name, value in operation.body_examples.items()}
    content = {"schema": schemas.schema(operation.body), "examples": examples}
    return {"required": True, "content": {"application/json": content}}


def _in_path(operation: Operation) -> Iterator[dict[str, Any]]:
    """Describe the id, if there is one in the path."""
    if "{user_id}" in operation.path:
        schema = {"minLength": 1, **schemas.schema(operation.user_id)}
        yield {"name": "user_id", "in": "path", "required": True, "schema": schema}


def _in_query(operation: Operation) -> Iterator[dict[str, Any]]:
    """Describe the parameters in the query."""
    if operation.query is None:
        return
    struct = schemas.components([operation.query])[operation.query.__name__]
    for name, schema in struct["properties"].items():
        yield {"name": name, "in": "query", "required": name in struct["required"], "schema": schema}


def _in_headers(operation: Operation) -> Iterator[dict[str, Any]]:
    """Describe the headers."""
    for name in operation.headers:
        yield {"name": name, "in": "header", **headers.REQUEST[name]}
