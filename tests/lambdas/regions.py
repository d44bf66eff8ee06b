"""Two regions that have heard of each other, and what clients may expect of them, as a plain dictionary."""

import io
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics
from hypothesis.stateful import RuleBasedStateMachine

from lambdas.users import bootstrap
from lambdas.users.adapters.memory import MemoryUsers
from lambdas.users.adapters.register import MemoryRegister
from lambdas.users.bootstrap import Application
from lambdas.users.domain.fence import Fence
from lambdas.users.telemetry import Telemetry
from tests.lambdas.conftest import NOON
from tests.lambdas.documented import require_documented
from tests.lambdas.gateway import Answer, send

User = dict[str, Any]

REGIONS = ("eu-west-1", "eu-central-1")
PROFILE = ("name", "email", "age", "phone", "address")


class Regions(RuleBasedStateMachine):
    """Two applications over one memory; `model` has users by id, `keyed` the first request of each key."""

    def __init__(self) -> None:
        super().__init__()
        self._patch = pytest.MonkeyPatch()
        users, ticks = MemoryUsers(), count()
        self._apps = {
            region: Application(
                region=region,
                users=users,
                fence=Fence(MemoryRegister()),
                telemetry=_telemetry(region),
                now=lambda: NOON + timedelta(seconds=next(ticks)),
            )
            for region in REGIONS
        }
        self.model: dict[str, User] = {}
        self.keyed: dict[str, tuple[tuple[str, User], Answer]] = {}

    def teardown(self) -> None:
        self._patch.undo()

    def send(self, region: str, method: str, resource: str, **parts: Any) -> Answer:  # noqa: ANN401  # as `send`
        self._patch.setattr(bootstrap, "application", lambda: self._apps[region])
        answer = send(method, resource, **parts)
        assert answer.headers["X-Region"] == region
        require_documented(method, resource, answer)
        return answer

    def refusal(self, user_id: str, email: str) -> int | None:
        """Tell why a user cannot be created, if so."""
        taken = user_id in self.model or self.holder(email) is not None
        return 409 if taken else None

    def refused(self, users: list[User]) -> set[int]:
        """Tell who of a batch cannot be created: of two with one id or email, only the first may be."""
        claimed: set[str] = set()
        refused = set()
        for index, user in enumerate(users):
            claims = {user["user_id"], user["email"].lower()}
            if claims & claimed or self.refusal(user["user_id"], user["email"]):
                refused.add(index)
            if not claims & claimed:
                claimed |= claims
        return refused

    def holder(self, email: str) -> str | None:
        return next((key for key, user in self.model.items() if user["email"] == email.lower()), None)

    def check_repeat(self, key: str, asked: tuple[str, User], answer: Answer) -> None:
        """Hold an answer to that of the first request with its key."""
        first_asked, first = self.keyed[key]
        if asked == first_asked:
            headers = {**first.headers, "Idempotent-Replayed": "true", "X-Region": answer.headers["X-Region"]}
            assert (answer.status, answer.body, answer.headers) == (first.status, first.body, headers)
        else:
            assert answer.status == 422

    def query(self, region: str, operation: str, **parameters: str) -> Answer:
        return self.send(region, "GET", "/query", query={"operation": operation, **parameters})

    def walk(self, resource: str, query: dict[str, str], *, limit: int) -> list[User]:
        """Go through all pages, each in another region than the one before."""
        asked, found = {**query, "limit": str(limit)}, []
        for page in count():
            answer = self.send(REGIONS[page % 2], "GET", resource, query=asked).json
            found += answer["users"]
            if "next_cursor" not in answer:
                break
            asked["cursor"] = answer["next_cursor"]
        return found

    def condition(self, user_id: str, kind: str | None) -> dict[str, str] | None:
        if kind is None:
            return None
        fresh = self.send(REGIONS[0], "GET", "/users/{user_id}", path=user_id).headers.get("ETag", "*")
        return {"If-Match": fresh if kind == "fresh" else '"stale"'}


def _telemetry(region: str) -> Telemetry:
    logger = Logger(service=f"users-{uuid4()}", stream=io.StringIO(), location=None, level="CRITICAL")
    return Telemetry(logger, EphemeralMetrics(namespace="Users", service=logger.service), region=region)


def profile_of(user: User) -> User:
    """Keep what a user says of themselves."""
    return {field: user[field] for field in PROFILE if field in user}


def merged(before: User, body: User) -> User:
    """Merge a body into a profile, as the contract says it."""
    merged = {"age": 0, **before, **{field: body[field] for field in PROFILE if field in body}}
    merged["email"] = merged["email"].lower()
    return {field: value for field, value in merged.items() if value is not None}


def by_id(users: list[User]) -> list[User]:
    return sorted(users, key=lambda user: user["user_id"])
