"""API Gateway's part: from a request to an event for the function that serves its path, and back."""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from lambdas.users.handlers import batch, crud, query

REQUEST_ID = "6f1c0f4e-8a5f-4a3e-9a44-0f6f3c9b7d10"
FUNCTIONS = (crud, batch, query)


class Invocation:
    """What is read of Lambda's context."""

    aws_request_id = "0b6d1f0a-58a4-4b5a-8a55-7d3c3c3f9a11"


@dataclass(frozen=True)
class Answer:
    """What a client sees."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:  # noqa: ANN401  # JSON
        return json.loads(self.body)


Call = Callable[..., Answer]


def send(
    method: str,
    resource: str,
    *,
    path: str | None = None,
    query: Mapping[str, str] | None = None,
    body: object = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Call a function: `path` fills `{user_id}`, and a body of bytes goes as base64."""
    encoded = isinstance(body, bytes)
    text = base64.b64encode(body).decode() if isinstance(body, bytes) else body
    event: dict[str, object] = {
        "resource": resource,
        "path": resource.replace("{user_id}", path or ""),
        "httpMethod": method,
        "headers": headers,
        "pathParameters": None if path is None else {"user_id": path},
        "queryStringParameters": query,
        "body": text if isinstance(text, str | None) else json.dumps(text),
        "isBase64Encoded": encoded,
        "requestContext": {"requestId": REQUEST_ID, "path": resource},
    }
    function = next((function for function in FUNCTIONS if resource in function.ROUTES), crud)
    response: Any = function.handler(event, Invocation())
    assert response["headers"]["X-Request-Id"] == REQUEST_ID
    return Answer(response["statusCode"], response["headers"], response["body"])


def wsgi(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterator[bytes]:
    """Serve HTTP, for tools that speak it."""
    path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
    resource, user_id = _match(path)
    length = int(environ.get("CONTENT_LENGTH") or 0)
    answer = send(
        environ["REQUEST_METHOD"],
        resource,
        path=user_id,
        query=dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)) or None,
        body=environ["wsgi.input"].read(length) if length else None,
        headers={
            name[5:].replace("_", "-"): text for name, text in environ.items() if name.startswith("HTTP_")
        },
    )
    start_response(f"{answer.status} -", list(answer.headers.items()))
    yield answer.body.encode()


def _match(path: str) -> tuple[str, str | None]:
    """Find the template of a path, and what fills it; a path that has none is its own."""
    for function in FUNCTIONS:
        for template in function.ROUTES:
            pattern = re.escape(template).replace(re.escape("{user_id}"), "(?P<user_id>[^/]+)")
            if match := re.fullmatch(pattern, path, re.DOTALL):
                return template, match.groupdict().get("user_id")
    return path, None
