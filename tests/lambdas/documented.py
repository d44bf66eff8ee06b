"""Whether an answer is one that the OpenAPI document names."""

import json
from functools import cache
from typing import Any

import jsonschema_rs

from lambdas.users.http.openapi.document import encoded
from tests.lambdas.gateway import Answer

DOCUMENT: dict[str, Any] = json.loads(encoded())


def require_documented(method: str, resource: str, answer: Answer) -> None:
    """Hold an answer to its status, headers, media type and schema in the document."""
    response = _response(method, resource, answer.status)
    if response is None:
        return
    for name, header in response["headers"].items():
        _hold(header, name, answer.headers.get(name))
    undocumented = set(answer.headers) - set(response["headers"]) - {"Content-Type"}
    assert not undocumented, undocumented
    if "content" not in response:
        assert (answer.body, answer.headers.get("Content-Type")) == ("", None)
        return
    ((media_type, content),) = response["content"].items()
    assert answer.headers["Content-Type"] == media_type
    _validator(json.dumps(content["schema"])).validate(answer.json)


def _response(method: str, resource: str, status: int) -> dict[str, Any] | None:
    """Find a response; what an undocumented path or method is answered, the components name."""
    operation = DOCUMENT["paths"].get(resource, {}).get(method.lower())
    if operation is None:
        assert status in {404, 405}
        reference = {404: "NotFound", 405: "MethodNotAllowed"}[status]
        return _resolved(DOCUMENT["components"]["responses"][reference])
    assert str(status) in operation["responses"], f"{method} {resource} answers {status}"
    return _resolved(operation["responses"][str(status)])


def _resolved(response: dict[str, Any]) -> dict[str, Any]:
    """Follow the references of a response."""
    if "$ref" in response:
        response = DOCUMENT["components"]["responses"][response["$ref"].rpartition("/")[2]]
    headers = {name: DOCUMENT["components"]["headers"][name] for name in response["headers"]}
    return {**response, "headers": headers}


def _hold(header: dict[str, Any], name: str, text: str | None) -> None:
    """Hold a header to its schema."""
    assert text is not None or not header.get("required"), f"{name} is missing"
    if text is not None:
        _validator(json.dumps(header["schema"])).validate(text)


@cache
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    """Compile a schema."""
    return jsonschema_rs.Draft202012Validator({**json.loads(schema), "components": DOCUMENT["components"]})
