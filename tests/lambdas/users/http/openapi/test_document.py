import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import msgspec

from lambdas.users.http import parameters, queries
from lambdas.users.http.openapi.__main__ import PATH
from lambdas.users.http.openapi.document import encoded
from tests.lambdas.gateway import Call

DOCUMENT: dict[str, Any] = json.loads(encoded())


def test_the_committed_document_is_that_of_the_code() -> None:
    stale = "write it again with: python -m lambdas.users.http.openapi"
    assert PATH.read_text(encoding="utf-8") == encoded(), stale


def test_the_document_is_served(call: Call) -> None:
    answer = call("GET", "/openapi.json")
    assert (answer.status, answer.json) == (200, DOCUMENT)


def test_each_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for path in DOCUMENT["paths"].values() for operation in path.values()]
    assert len(set(names)) == len(names)


def test_every_reference_leads_somewhere() -> None:
    for reference in _references(DOCUMENT):
        target: Any = DOCUMENT
        for name in reference.removeprefix("#/").split("/"):
            target = target[name]
        assert target


def test_each_example_is_what_its_schema_says() -> None:
    examples = list(_examples(DOCUMENT))
    assert len(examples) > 30
    for schema, example in examples:
        jsonschema_rs.validate({**schema, "components": DOCUMENT["components"]}, example)


def test_each_query_takes_what_all_take_together() -> None:
    known = {field.name for field in msgspec.structs.fields(parameters.AnyQuery)}
    taken = {
        field.name for query in queries.QUERIES.values() for field in msgspec.structs.fields(query.parameters)
    }
    assert known == taken | {"operation"}


def test_every_answer_names_its_region_and_request() -> None:
    for path in DOCUMENT["paths"].values():
        for operation in path.values():
            assert {"405", "500", "503"} <= operation["responses"].keys()
    for response in DOCUMENT["components"]["responses"].values():
        assert {"X-Region", "X-Request-Id"} <= response["headers"].keys()


def test_a_write_may_be_paused_and_a_read_goes_on() -> None:
    for path in DOCUMENT["paths"].values():
        for method, operation in path.items():
            name = "ServiceUnavailable" if method == "get" else "WriteUnavailable"
            assert operation["responses"]["503"]["$ref"] == f"#/components/responses/{name}"
    paused = DOCUMENT["components"]["responses"]["WriteUnavailable"]
    assert "Retry-After" in paused["headers"]
    (content,) = paused["content"].values()
    assert content["example"]["detail"] == "Writes are paused in this region"


def _references(node: object) -> Iterator[str]:
    for part in _parts(node):
        if isinstance(part, dict) and isinstance(part.get("$ref"), str):
            yield part["$ref"]


def _examples(node: object) -> Iterator[tuple[dict[str, Any], object]]:
    """Find each schema that stands beside examples."""
    for part in _parts(node):
        if isinstance(part, dict) and isinstance(part.get("schema"), dict):
            if "example" in part:
                yield part["schema"], part["example"]
            for example in part.get("examples", {}).values():
                yield part["schema"], example["value"]


def _parts(node: object) -> Iterator[object]:
    """Walk through a document."""
    yield node
    if isinstance(node, dict | list):
        for part in node.values() if isinstance(node, dict) else node:
            yield from _parts(part)
