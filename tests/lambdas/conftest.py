"""A users API in memory, and the events by which API Gateway would call it."""

import base64
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger
from hypothesis import HealthCheck, settings

from lambdas.users import bootstrap
from lambdas.users.adapters.memory import MemoryUsers
from lambdas.users.bootstrap import Application
from lambdas.users.domain.repository import UserRepository
from lambdas.users.domain.user import User, first_version
from lambdas.users.domain.validation import new_user
from lambdas.users.handlers import crud
from lambdas.users.telemetry import Telemetry

# The first run in a new checkout builds tables of Unicode, and a busy machine is slow: neither is a failure.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

REGION = "eu-west-1"
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
REQUEST_ID = "6f1c0f4e-8a5f-4a3e-9a44-0f6f3c9b7d10"


class Failing:
    """A UserRepository in which everything fails in one way."""

    def __init__(self, failure: Exception) -> None:
        self._failure = failure

    def create(self, _user: User) -> None:
        raise self._failure

    def get(self, _user_id: str) -> User:
        raise self._failure

    def ping(self) -> None:
        raise self._failure


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


@pytest.fixture
def failing() -> Callable[[Exception], UserRepository]:
    """Repositories in which everything fails, each in the way that a test is about."""
    return Failing


@pytest.fixture
def users() -> UserRepository:
    """An empty repository; override it to see how the API takes a failure."""
    return MemoryUsers()


@pytest.fixture
def log() -> io.StringIO:
    """What the function prints."""
    return io.StringIO()


@pytest.fixture
def telemetry(log: io.StringIO) -> Telemetry:
    # A service of its own: powertools would hand out the logger, and the stream, of an earlier test.
    return Telemetry(Logger(service=f"users-{uuid4()}", stream=log, location=None), region=REGION)


@pytest.fixture
def app(users: UserRepository, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch) -> Application:
    """The application that the handlers are given; at noon, for ever."""
    app = Application(region=REGION, users=users, telemetry=telemetry, now=lambda: NOON)
    monkeypatch.setattr(bootstrap, "application", lambda: app)
    return app


@pytest.fixture
def call(app: Application) -> Callable[..., Answer]:
    """Call the handler as API Gateway does: `path` fills `{user_id}`, and a body of bytes goes as base64."""

    def call(
        method: str,
        resource: str,
        *,
        path: str | None = None,
        body: object = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        encoded = isinstance(body, bytes)
        text = base64.b64encode(body).decode() if isinstance(body, bytes) else body
        event: dict[str, object] = {
            "resource": resource,
            "path": resource.replace("{user_id}", path or ""),
            "httpMethod": method,
            "headers": headers,
            "pathParameters": None if path is None else {"user_id": path},
            "queryStringParameters": None,
            "body": text if isinstance(text, str | None) else json.dumps(text),
            "isBase64Encoded": encoded,
            "requestContext": {"requestId": REQUEST_ID, "path": resource},
        }
        response: Any = crud.handler(event, Invocation())
        assert response["headers"]["X-Region"] == app.region
        assert response["headers"]["X-Request-Id"] == REQUEST_ID
        return Answer(response["statusCode"], response["headers"], response["body"])

    return call


@pytest.fixture
def made() -> Callable[..., User]:
    """Users at their first version, from the fields that a test is about."""

    def make(user_id: str = "ada", **fields: object) -> User:
        new = new_user({"name": "Ada Lovelace", "email": "ada@example.com", **fields})
        return first_version(new, user_id=user_id, at=NOON, region=REGION)

    return make
