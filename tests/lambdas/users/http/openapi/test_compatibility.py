"""Nothing that a client of the released document relies on goes without a new major version."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lambdas.users.http.openapi.document import encoded
from tests.lambdas.users.http.openapi.compatibility import breaking_changes

RELEASED = Path(__file__).parents[1] / "released_openapi.json"

Document = dict[str, Any]


@pytest.fixture
def released() -> Document:
    """The document that clients know."""
    document: Document = json.loads(RELEASED.read_text(encoding="utf-8"))
    return document


def operation(document: Document, method: str, path: str) -> Document:
    found: Document = document["paths"][path][method]
    return found


def schema(document: Document, name: str) -> Document:
    found: Document = document["components"]["schemas"][name]
    return found


def parameter(document: Document, path: str, name: str) -> Document:
    found: Document = next(
        each for each in document["paths"][path]["get"]["parameters"] if each["name"] == name
    )
    return found


BREAKS: dict[str, Callable[[Document], object]] = {
    "GET /health is gone": lambda d: d["paths"].pop("/health"),
    "DELETE /users/{user_id} is gone": lambda d: d["paths"]["/users/{user_id}"].pop("delete"),
    "GET /users has another operationId": lambda d: operation(d, "get", "/users").update(operationId="x"),
    "POST /users answers 201 no more": lambda d: operation(d, "post", "/users")["responses"].pop("201"),
    "PUT /users/{user_id} answers 412 no more": lambda d: operation(d, "put", "/users/{user_id}")[
        "responses"
    ].pop("412"),
    "GET /users takes cursor no more": lambda d: operation(d, "get", "/users")["parameters"].pop(),
    "GET /users requires limit": lambda d: parameter(d, "/users", "limit").update(required=True),
    "GET /query requires region": lambda d: operation(d, "get", "/query")["parameters"].append(
        {"in": "query", "name": "region", "required": True, "schema": {}}
    ),
    "GET /users limit has a lower maximum": lambda d: parameter(d, "/users", "limit")["schema"].update(
        maximum=99
    ),
    "GET /users limit has a higher minimum": lambda d: parameter(d, "/users", "limit")["schema"].update(
        minimum=2
    ),
    "GET /query q has a lower maxLength": lambda d: parameter(d, "/query", "q")["schema"].update(maxLength=3),
    "GET /query operation takes fewer values": lambda d: parameter(d, "/query", "operation")["schema"].update(
        enum=["search"]
    ),
    "GET /query email has another pattern": lambda d: parameter(d, "/query", "email")["schema"].update(
        pattern="@"
    ),
    "GET /query hours is another type": lambda d: parameter(d, "/query", "hours")["schema"].update(
        type="string"
    ),
    "POST /users body requires age": lambda d: schema(d, "NewUser")["required"].append("age"),
    "POST /users body takes phone no more": lambda d: schema(d, "NewUser")["properties"].pop("phone"),
    "POST /users body age has a lower maximum": lambda d: schema(d, "NewUser")["properties"]["age"].update(
        maximum=99
    ),
    "PUT /users/{user_id} body phone has lost alternative 2": lambda d: schema(d, "ChangedUser")[
        "properties"
    ]["phone"]["anyOf"].pop(),
    "POST /batch body has lost alternative 2": lambda d: schema(d, "BatchRead")["required"].append("limit"),
    "POST /users takes application/json no more": lambda d: operation(d, "post", "/users")["requestBody"][
        "content"
    ].update({"text/json": operation(d, "post", "/users")["requestBody"]["content"].pop("application/json")}),
    "GET /health takes a body": lambda d: operation(d, "get", "/health").update(
        requestBody=operation(d, "post", "/users")["requestBody"]
    ),
    "POST /users takes no body": lambda d: operation(d, "post", "/users").pop("requestBody"),
    "GET /users/{user_id} 200 user may lack created_at": lambda d: schema(d, "UserView")["required"].remove(
        "created_at"
    ),
    "GET /users/{user_id} 200 user lacks phone": lambda d: schema(d, "UserView")["properties"].pop("phone"),
    "GET /users/{user_id} 200 user age is another type": lambda d: schema(d, "UserView")["properties"][
        "age"
    ].update(type="number"),
    "GET /users 200 users item is another type": lambda d: schema(d, "UsersListed")["properties"][
        "users"
    ].update(items={"type": "string"}),
    "GET /users/{user_id} 200 may lack the header ETag": lambda d: d["components"]["headers"]["ETag"].update(
        required=False
    ),
    "POST /users 201 may lack the header Location": lambda d: operation(d, "post", "/users")["responses"][
        "201"
    ]["headers"].pop("Location"),
    "GET /health 503 is application/problem+json no more": lambda d: d["components"]["responses"][
        "ServiceUnavailable"
    ].update(content={"application/json": {"schema": {}}}),
}


def test_the_document_breaks_no_client_of_the_released_one(released: Document) -> None:
    assert breaking_changes(released, json.loads(encoded())) == []


@pytest.mark.parametrize("line", BREAKS)
def test_a_break_is_seen(released: Document, line: str) -> None:
    current = copy.deepcopy(released)
    BREAKS[line](current)
    assert line in breaking_changes(released, current)


def test_what_breaks_is_allowed_in_a_new_major_version(released: Document) -> None:
    current = copy.deepcopy(released)
    for change in list(BREAKS.values())[:5]:
        change(current)
    current["info"]["version"] = "2.0.0"
    assert breaking_changes(released, current) == []


@pytest.mark.parametrize(
    "harmless",
    [
        lambda d: d["paths"].update({"/new": {"get": {"operationId": "new", "responses": {}}}}),
        lambda d: schema(d, "NewUser")["properties"].update(nickname={"type": "string"}),
        lambda d: schema(d, "NewUser")["properties"]["age"].update(maximum=200),
        lambda d: schema(d, "NewUser")["required"].remove("email"),
        lambda d: schema(d, "UserView")["properties"].update(nickname={"type": "string"}),
        lambda d: operation(d, "post", "/users")["responses"].update({"202": {"description": "later"}}),
        lambda d: schema(d, "ChangedUser")["properties"]["phone"]["anyOf"].append({"type": "integer"}),
        lambda d: operation(d, "get", "/users").update(summary="another"),
    ],
)
def test_what_clients_need_not_know_is_no_break(
    released: Document, harmless: Callable[[Document], object]
) -> None:
    current = copy.deepcopy(released)
    harmless(current)
    assert breaking_changes(released, current) == []
