from typing import Any

import pytest

from lambdas.users.adapters.memory import MemoryUsers
from lambdas.users.domain.repository import UserRepository
from lambdas.users.domain.user import User, next_version
from lambdas.users.domain.version import Version
from tests.lambdas.conftest import NOON
from tests.lambdas.gateway import Call
from tests.lambdas.users.handlers.ada import STALE, tag


@pytest.mark.parametrize(("method", "body"), [("PUT", {"age": 37}), ("DELETE", None)])
class TestCondition:
    @pytest.mark.parametrize(
        "form", ["{tag}", "*", " * ", '"other", {tag}', "{tag},", ' , {tag} ,"x"', 'W/"x", {tag}']
    )
    def test_a_write_to_the_version_that_was_read_passes(
        self, call: Call, ada: dict[str, Any], method: str, body: object, form: str
    ) -> None:
        condition = {"If-Match": form.format(tag=tag(ada))}
        assert call(method, "/users/{user_id}", path="ada", body=body, headers=condition).status == 200

    @pytest.mark.parametrize("form", [STALE, "W/{tag}", '""', f'{STALE}, "x"'])
    def test_a_write_to_another_version_does_not(
        self, call: Call, ada: dict[str, Any], method: str, body: object, form: str
    ) -> None:
        condition = {"if-match": form.format(tag=tag(ada))}
        refused = call(method, "/users/{user_id}", path="ada", body=body, headers=condition)
        assert (refused.status, refused.json["error"]) == (412, "The user is at another version")
        assert call("GET", "/users/{user_id}", path="ada").json["user"] == ada

    @pytest.mark.parametrize(
        "form", ["", "  ", ",", "{bare}", '"', "{tag} {tag}", "{tag}, *", "w/{tag}", "'x'"]
    )
    def test_a_condition_that_is_none_is_a_bad_request(
        self, call: Call, ada: dict[str, Any], method: str, body: object, form: str
    ) -> None:
        condition = {"If-Match": form.format(tag=tag(ada), bare=tag(ada).strip('"'))}
        refused = call(method, "/users/{user_id}", path="ada", body=body, headers=condition)
        assert refused.status == 400
        assert "If-Match" in refused.json["error"]

    @pytest.mark.parametrize("condition", ["*", STALE, "bare"])
    def test_nobody_is_not_found_whatever_the_condition(
        self, call: Call, method: str, body: object, condition: str
    ) -> None:
        refused = call(method, "/users/{user_id}", path="nobody", body=body, headers={"If-Match": condition})
        assert refused.status == 404


@pytest.mark.parametrize(("method", "body"), [("PUT", {"age": 37}), ("DELETE", None)])
class TestRace:
    @pytest.fixture
    def rivals(self) -> list[int]:
        """How many times yet somebody else writes between a read and a write of ours."""
        return []

    @pytest.fixture
    def users(self, rivals: list[int]) -> UserRepository:
        class Busy(MemoryUsers):
            def update(self, user: User, *, former_email: str) -> None:
                self._overtake(user.user_id)
                super().update(user, former_email=former_email)

            def delete(self, user: User, *, deletion: Version) -> int:
                self._overtake(user.user_id)
                return super().delete(user, deletion=deletion)

            def _overtake(self, user_id: str) -> None:
                if rivals:
                    user = self.get(user_id)
                    rival = next_version(user, user.profile, at=NOON, region=f"rival-{rivals.pop()}")
                    super().update(rival, former_email=user.profile.email)

        return Busy()

    def test_a_writer_who_lost_a_race_runs_again(
        self, call: Call, rivals: list[int], ada: dict[str, Any], method: str, body: object
    ) -> None:
        rivals += range(4)
        assert call(method, "/users/{user_id}", path=ada["user_id"], body=body).status == 200
        assert not rivals

    def test_a_writer_who_loses_every_race_is_asked_to_come_back(
        self, call: Call, rivals: list[int], ada: dict[str, Any], method: str, body: object
    ) -> None:
        rivals += range(100)
        answer = call(method, "/users/{user_id}", path=ada["user_id"], body=body)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "1")

    def test_a_writer_with_a_condition_is_told_that_it_lost(
        self, call: Call, rivals: list[int], ada: dict[str, Any], method: str, body: object
    ) -> None:
        rivals += range(1)
        condition = {"If-Match": tag(ada)}
        assert call(method, "/users/{user_id}", path="ada", body=body, headers=condition).status == 412
