"""The models: from the API's document, valid as draft 4, and refusing nothing but what is no object."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator  # type: ignore[import-untyped]

from stacks.request_bodies import NotAnObject, model_of, request_bodies

SCHEMAS: dict[str, dict[str, Any]] = {
    "NewUser": {
        "title": "NewUser",
        "description": "A user to be.",
        "type": "object",
        "required": ["name"],
        "additionalProperties": False,
        "properties": {
            "name": {"$ref": "#/components/schemas/Name", "description": "what the user is called"},
            "age": {"description": "years", "type": "integer", "exclusiveMinimum": -1, "examples": [36]},
            "phone": {"anyOf": [{"type": "null"}, {"type": "string", "description": "digits"}]},
            "note": {"type": ["string", "null"], "default": None},
        },
    },
    "Name": {"description": "a name", "type": "string", "minLength": 1},
    "Ids": {"type": "object", "properties": {"user_ids": {"type": "array", "prefixItems": [], "const": []}}},
}


def test_fields_are_described_and_not_constrained() -> None:
    assert model_of({"$ref": "#/components/schemas/NewUser"}, SCHEMAS) == {
        "title": "NewUser",
        "description": "A user to be.",
        "type": "object",
        "properties": {
            "age": {"description": "years"},
            "name": {"description": "what the user is called"},
            "note": {},
            "phone": {"description": "digits"},
        },
    }


@pytest.mark.parametrize("word", ["allOf", "anyOf", "oneOf"])
def test_the_fields_of_alternatives_are_side_by_side(word: str) -> None:
    alternatives = [{"$ref": f"#/components/schemas/{name}"} for name in ("NewUser", "Ids")]
    assert set(model_of({word: alternatives}, SCHEMAS)["properties"]) == {
        *("age", "name", "note", "phone"),
        "user_ids",
    }


@pytest.mark.parametrize("schema", [{"type": "array"}, {}, {"$ref": "#/components/schemas/Name"}])
def test_a_body_that_may_be_no_object_is_not_hidden(schema: dict[str, Any]) -> None:
    with pytest.raises(NotAnObject):
        model_of(schema, SCHEMAS)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(json_values | st.fixed_dictionaries({"name": json_values, "age": json_values}))
def test_a_model_refuses_what_is_no_object_and_nothing_else(body: object) -> None:
    validator = Draft4Validator(dict(model_of(SCHEMAS["NewUser"], SCHEMAS)))
    assert validator.is_valid(body) is isinstance(body, dict)


def test_an_operation_with_a_body_is_found_and_a_nameless_body_is_named(tmp_path: Path) -> None:
    def operation(schema: object) -> dict[str, object]:
        return {"requestBody": {"content": {"application/json": {"schema": schema}}}}

    document = tmp_path / "openapi.json"
    paths = {
        "/users": {
            "parameters": [],
            "get": {"responses": {}},
            "post": operation({"$ref": "#/components/schemas/NewUser"}),
        },
        "/users/{user_id}": {"put": operation({"oneOf": [SCHEMAS["Ids"]]})},
    }
    document.write_text(json.dumps({"paths": paths, "components": {"schemas": SCHEMAS}}))
    found = request_bodies(document)
    assert {place: body.name for place, body in found.items()} == {
        ("/users", "POST"): "NewUser",
        ("/users/{user_id}", "PUT"): "PutUsersUserIdBody",
    }


def test_the_document_of_the_api_has_these_bodies() -> None:
    assert set(request_bodies()) == {
        ("/users", "POST"),
        ("/users/{user_id}", "PUT"),
        ("/batch", "POST"),
        ("/user", "POST"),
    }
