from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from lambdas.users import bootstrap
from lambdas.users.adapters.memory import MemoryUsers
from lambdas.users.bootstrap import Application
from lambdas.users.domain.errors import RepositoryUnavailable
from lambdas.users.domain.repository import UserRepository
from lambdas.users.domain.user import User
from tests.lambdas.conftest import NOON
from tests.lambdas.gateway import Answer, Call

ADA = {"name": "Ada Lovelace", "email": "ada@example.com"}
GRACE = {"name": "Grace Hopper", "email": "grace@example.com"}
EDITH = {"name": "Edith Clarke", "email": "edith@example.com"}
BAD = {"name": "B"}


def write(call: Call, *users: object, key: str = "a key") -> Answer:
    body = {"operation": "batch_write", "users": users}
    return call("POST", "/batch", body=body, headers={"Idempotency-Key": key})


def of(answer: Answer) -> tuple[int, Any]:
    return answer.status, answer.json


class Flaky(MemoryUsers):
    """Users of which only so many can be created before the table fails, or the function dies."""

    def __init__(self) -> None:
        super().__init__()
        self.room = 1000
        self.death: type[BaseException] | None = None

    def create_all(self, users: Sequence[User]) -> Mapping[int, Exception]:
        refused = super().create_all(users[: self.room])
        if self.death and len(users) > self.room:
            raise self.death
        return {**refused, **{index: RepositoryUnavailable() for index in range(self.room, len(users))}}


@pytest.fixture
def users() -> UserRepository:
    return Flaky()


@pytest.mark.parametrize(
    "members", [[ADA, GRACE], [ADA, BAD, GRACE], [ADA, ADA], [{**ADA, "user_id": "ada"}]]
)
def test_a_repeat_has_the_first_answer(call: Call, members: list[dict[str, str]]) -> None:
    first = write(call, *members)
    again = write(call, *members)
    assert of(again) == of(first)
    assert again.headers == {**first.headers, "Idempotent-Replayed": "true"}


def test_ids_come_from_the_key_and_the_place(call: Call) -> None:
    ids = [user["user_id"] for user in write(call, ADA, GRACE).json["users"]]
    ids += [user["user_id"] for user in write(call, EDITH, key="another").json["users"]]
    assert {UUID(user_id).version for user_id in ids} == {5}
    assert len(set(ids)) == 3


def test_a_repeat_has_the_first_answer_though_the_users_are_others_by_now(call: Call) -> None:
    first = write(call, {**ADA, "user_id": "ada"}, GRACE)
    call("PUT", "/users/{user_id}", path="ada", body={"name": "B"})
    call("DELETE", "/users/{user_id}", path=first.json["users"][1]["user_id"])
    assert of(write(call, {**ADA, "user_id": "ada"}, GRACE)) == of(first)


def test_a_key_for_another_batch_is_refused(call: Call) -> None:
    write(call, ADA)
    assert write(call, ADA, GRACE).status == 422


def test_a_refused_batch_is_judged_anew(call: Call) -> None:
    assert write(call, BAD).status == 400
    assert write(call, ADA).status == 201


class TestCutShort:
    @pytest.fixture
    def clock(self) -> Iterator[datetime]:
        """A clock that goes on by an hour whenever it is read."""
        return (NOON + timedelta(hours=hours) for hours in count())

    @pytest.fixture
    def app(
        self, app: Application, clock: Iterator[datetime], monkeypatch: pytest.MonkeyPatch
    ) -> Application:
        moving = replace(app, now=lambda: next(clock))
        monkeypatch.setattr(bootstrap, "application", lambda: moving)
        return moving

    @pytest.mark.parametrize("death", [MemoryError, RepositoryUnavailable])
    def test_a_batch_that_died_half_way_goes_on(
        self, call: Call, users: Flaky, death: type[Exception]
    ) -> None:
        users.room, users.death = 1, death
        assert write(call, ADA, GRACE, EDITH).status in {500, 503}
        users.room, users.death = 1000, None
        again = write(call, ADA, GRACE, EDITH)
        assert again.status == 201
        assert [user["name"] for user in again.json["users"]] == [ADA["name"], GRACE["name"], EDITH["name"]]
        for user in again.json["users"]:
            assert call("GET", "/users/{user_id}", path=user["user_id"]).json["user"] == user
        assert of(write(call, ADA, GRACE, EDITH)) == of(again)

    def test_a_batch_for_which_the_table_failed_in_part_goes_on(self, call: Call, users: Flaky) -> None:
        users.room = 1
        first = write(call, ADA, GRACE)
        assert first.status == 207
        assert first.json["failed"] == [{"index": 1, "error": "Service temporarily unavailable"}]
        users.room = 1000
        again = write(call, ADA, GRACE)
        assert again.status == 201
        assert again.json["users"][0] == first.json["users"][0]
        assert "Idempotent-Replayed" not in again.headers

    def test_a_batch_for_which_the_table_failed_altogether_is_to_be_sent_again(
        self, call: Call, users: Flaky
    ) -> None:
        users.room = 0
        assert write(call, ADA, GRACE).status == 503

    @pytest.mark.parametrize("key", ["a key", "another"])
    def test_a_user_who_was_changed_since_is_not_one_that_the_batch_made(
        self, call: Call, users: Flaky, key: str
    ) -> None:
        users.room, users.death = 1, MemoryError
        write(call, ADA, GRACE)
        users.room, users.death = 1000, None
        (made,) = call("GET", "/users").json["users"]
        call("PUT", "/users/{user_id}", path=made["user_id"], body={"age": 1})
        again = write(call, ADA, GRACE, key=key)
        assert again.status == 207
        assert [failed["index"] for failed in again.json["failed"]] == [0]

    def test_somebody_with_a_chosen_id_is_not_taken_for_one_that_the_batch_made(self, call: Call) -> None:
        call("POST", "/users", body={**ADA, "user_id": "ada"})
        again = write(call, {**ADA, "user_id": "ada"}, GRACE)
        assert again.json["failed"] == [{"index": 0, "error": "User already exists"}]


class TestTwins:
    @pytest.fixture
    def users(self) -> UserRepository:
        class Doubled(MemoryUsers):
            """Users that the same request, served at the same moment, creates first."""

            def create_all(self, users: Sequence[User]) -> Mapping[int, Exception]:
                super().create_all(users[:1])
                return super().create_all(users)

        return Doubled()

    def test_who_was_created_by_a_twin_of_the_request_was_created(self, call: Call) -> None:
        answer = write(call, ADA, GRACE)
        assert (answer.status, len(answer.json["users"])) == (201, 2)


class TestLate:
    @pytest.fixture
    def users(self) -> UserRepository:
        class Late(MemoryUsers):
            """Users of whose receipts one is there only when another is to be kept."""

            def receipt(self, _key: str) -> None:
                return None

        return Late()

    def test_of_two_answers_at_once_the_first_that_is_kept_counts(self, call: Call) -> None:
        first = write(call, ADA, BAD)
        second = write(call, ADA, BAD)
        assert of(second) == of(first)
        assert second.headers["Idempotent-Replayed"] == "true"

    def test_of_two_requests_at_once_with_one_key_the_second_is_refused(self, call: Call) -> None:
        write(call, ADA)
        assert write(call, GRACE).status == 422
