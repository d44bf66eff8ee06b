"""A users API in memory, and the events by which API Gateway would call it."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NoReturn, cast
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics
from hypothesis import HealthCheck, settings

from lambdas.users import bootstrap
from lambdas.users.adapters.memory import MemoryUsers
from lambdas.users.adapters.register import MemoryRegister
from lambdas.users.bootstrap import Application
from lambdas.users.domain.fence import Fence
from lambdas.users.domain.repository import UserRepository
from lambdas.users.domain.user import User, first_version
from lambdas.users.domain.validation import new_user
from lambdas.users.telemetry import Telemetry
from tests.lambdas.documented import require_documented
from tests.lambdas.gateway import Answer, send

# The first run in a new checkout builds tables of Unicode, and a busy machine is slow: neither is a failure.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

REGION = "eu-west-1"
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


class Failing:
    """A UserRepository in which everything fails in one way."""

    def __init__(self, failure: Exception) -> None:
        self._failure = failure

    def __getattr__(self, _method: str) -> Callable[..., NoReturn]:
        return self._fail

    def _fail(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise self._failure


@pytest.fixture
def failing() -> Callable[[Exception], UserRepository]:
    """Repositories in which everything fails, each in the way that a test is about."""
    return lambda failure: cast(UserRepository, Failing(failure))


@pytest.fixture
def users() -> UserRepository:
    """An empty repository; override it to see how the API takes a failure."""
    return MemoryUsers()


@pytest.fixture
def register() -> MemoryRegister:
    """Where an operator may fence the region."""
    return MemoryRegister()


@pytest.fixture
def fence(register: MemoryRegister) -> Fence:
    """The fence of the application; override it to turn its clocks."""
    return Fence(register)


@pytest.fixture
def log() -> io.StringIO:
    """What the function prints."""
    return io.StringIO()


@pytest.fixture
def telemetry(log: io.StringIO) -> Telemetry:
    # A service of its own: powertools would hand out the logger, and the stream, of an earlier test.
    logger = Logger(service=f"users-{uuid4()}", stream=log, location=None)
    return Telemetry(logger, EphemeralMetrics(namespace="Users", service=logger.service), region=REGION)


@pytest.fixture
def app(
    users: UserRepository, fence: Fence, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
) -> Application:
    """The application that the handlers are given; at noon, for ever."""
    app = Application(region=REGION, users=users, fence=fence, telemetry=telemetry, now=lambda: NOON)
    monkeypatch.setattr(bootstrap, "application", lambda: app)
    return app


@pytest.fixture
def call(app: Application) -> Callable[..., Answer]:
    """Send a request as API Gateway does, and hold the answer to the document of the API."""

    def call(method: str, resource: str, **parts: Any) -> Answer:  # noqa: ANN401  # as `send` has them
        answer = send(method, resource, **parts)
        assert answer.headers["X-Region"] == app.region
        require_documented(method, resource, answer)
        return answer

    return call


@pytest.fixture
def made() -> Callable[..., User]:
    """Users at their first version, from the fields that a test is about."""

    def make(user_id: str = "ada", **fields: object) -> User:
        new = new_user({"name": "Ada Lovelace", "email": "ada@example.com", **fields})
        return first_version(new, user_id=user_id, at=NOON, region=REGION)

    return make
