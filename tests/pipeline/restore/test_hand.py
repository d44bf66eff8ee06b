"""What is asked for by hand is in the ledger, and sent again only where that cannot do it twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from pipeline.drill import ledger
from pipeline.drill.attempt import Operation, Outcome, Wanted
from pipeline.drill.client import FENCED
from pipeline.drill.clock import Clock
from pipeline.drill.faults import FaultError
from pipeline.drill.ledger import Ledger
from pipeline.drill.workload import Request
from pipeline.restore.crowd import gather
from pipeline.restore.hand import Hand

USER = {"user_id": "ada", "email": "ada@x.example", "version": 2, "timestamp": "t2"}
CHANGE = Request(
    operation=Operation.UPDATE,
    method="PUT",
    path="/users/ada",
    users=(Wanted(user_id="ada", fields={"age": 1}),),
    body={"age": 1},
    if_match='"v1"',
)
CREATION = Request(
    operation=Operation.CREATE,
    method="POST",
    path="/users",
    users=(Wanted(fields={"name": "Ada"}),),
    body={"name": "Ada"},
    key="k",
)
DONE = httpx.Response(200, json={"user": USER}, headers={"X-Region": "eu-west-1"})

Answers = Callable[..., Hand]


@pytest.fixture
def answering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Answers]:
    """Make a hand whose requests are answered with these, one after the other."""
    monkeypatch.setattr("pipeline.restore.hand.RETRY_S", 0)
    book = Ledger(tmp_path / "ledger.jsonl")

    def made(*answers: httpx.Response | Exception, most_s: float = 60) -> Hand:
        given = iter(answers)

        def answer(request: httpx.Request) -> httpx.Response:
            assert request.headers.get("If-Match", '"v1"') == '"v1"'
            found = next(given)
            if isinstance(found, Exception):
                raise found
            return found

        http = httpx.Client(base_url="http://here", transport=httpx.MockTransport(answer))
        return Hand(name="hand", http=http, ledger=book, clock=Clock(), most_s=most_s)

    yield made
    book.close()


def outcomes(tmp_path: Path) -> list[tuple[Outcome, str]]:
    return [(each.outcome, each.asked.write) for each in ledger.read(tmp_path / "ledger.jsonl").attempts]


def test_a_write_is_in_the_ledger_with_what_it_became(answering: Answers, tmp_path: Path) -> None:
    answering(DONE).write(CHANGE)
    (attempt,) = ledger.read(tmp_path / "ledger.jsonl").attempts
    assert attempt.acknowledged
    assert attempt.region == "eu-west-1"
    assert attempt.answered is not None
    assert [stored.at for stored in attempt.answered.users] == ["t2"]
    assert (attempt.asked.if_match, attempt.asked.users[0].user_id) == ('"v1"', "ada")


def test_what_a_fence_refused_is_sent_again_as_the_same_write(answering: Answers, tmp_path: Path) -> None:
    answering(httpx.Response(503, json={"detail": FENCED}), DONE).write(CHANGE)
    (refused, first), (done, second) = outcomes(tmp_path)
    assert (refused, done, first == second) == (Outcome.REFUSED, Outcome.ACKNOWLEDGED, True)


def test_a_creation_that_was_not_answered_is_sent_again(answering: Answers, tmp_path: Path) -> None:
    answering(httpx.ReadTimeout("late"), httpx.Response(500, json={}), DONE).write(CREATION)
    assert [outcome for outcome, _ in outcomes(tmp_path)] == [
        Outcome.UNKNOWN,
        Outcome.UNKNOWN,
        Outcome.ACKNOWLEDGED,
    ]


@pytest.mark.parametrize(
    "answer", [httpx.ReadTimeout("late"), httpx.Response(500, json={}), httpx.Response(412, json={})]
)
def test_a_change_that_may_have_been_done_is_not(
    answering: Answers, answer: httpx.Response | Exception
) -> None:
    with pytest.raises(FaultError, match="PUT /users/ada was not done"):
        answering(answer, DONE).write(CHANGE)


def test_trying_ends(answering: Answers) -> None:
    fenced = [httpx.Response(503, json={"detail": FENCED}) for _ in range(2)]
    with pytest.raises(FaultError, match="paused"):
        answering(*fenced, most_s=-1).write(CHANGE)


def test_a_read_is_tried_again_and_then_given_up(answering: Answers) -> None:
    assert answering(httpx.Response(504), httpx.ReadTimeout("late"), DONE).read("/users/ada") == {
        "user": USER
    }
    with pytest.raises(FaultError, match="status 404"):
        answering(httpx.Response(404)).read("/users/ada")


def test_a_crowd_is_made_in_batches_that_may_be_repeated(tmp_path: Path) -> None:
    keys: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        users = json.loads(request.content)["users"]
        made = [{**USER, "user_id": user["email"], "email": user["email"]} for user in users]
        return httpx.Response(201, json={"users": made})

    book = Ledger(tmp_path / "ledger.jsonl")
    http = httpx.Client(base_url="http://here", transport=httpx.MockTransport(answer))
    ids = gather(Hand(name="h", http=http, ledger=book, clock=Clock()), 250)
    book.close()
    assert len(set(ids)) == 250
    assert sorted(keys) == ["h-0", "h-100", "h-200"]
