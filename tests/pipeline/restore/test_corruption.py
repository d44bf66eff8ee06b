"""A third of all users is rewritten, another third deleted, and how they were is on record before."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import httpx
import pytest

from pipeline.drill.clock import Clock
from pipeline.drill.faults import FaultError
from pipeline.drill.step import Role
from pipeline.restore.corruption import PATTERN, Corruption, bad_email
from pipeline.restore.damage import Damages, How
from tests.pipeline.restore.staged import FORMER, Stage

USERS = [f"u{number}" for number in range(30)]


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.users(*USERS)
    return stage


@pytest.fixture
def damages(tmp_path: Path) -> Damages:
    return Damages(tmp_path / "damage.jsonl")


def corruption(stage: Stage, damages: Damages, http: httpx.Client | None = None) -> Corruption:
    return Corruption(
        region=stage.place.region(Role.PRIMARY, FORMER),
        http=http or stage.place.http(),
        damages=damages,
        clock=Clock(),
        stopping=threading.Event(),
    )


def test_two_thirds_are_damaged(stage: Stage, damages: Damages) -> None:
    count = corruption(stage, damages).happen()
    by_how = {how: [each for each in damages.all if each.how is how] for how in How}
    assert count == len(by_how[How.REWRITTEN]) + len(by_how[How.DELETED])
    assert all(5 <= len(by_how[how]) <= 15 for how in (How.REWRITTEN, How.DELETED))
    for each in by_how[How.REWRITTEN]:
        email = stage.row(each.user_id, "CURRENT")["email"]["S"]
        assert email == bad_email(each)
        assert re.fullmatch(PATTERN, email)
    for each in by_how[How.DELETED]:
        assert stage.row(each.user_id, "CURRENT") is None
        assert stage.row(f"EMAIL#{each.email}", "CLAIM") is None
        assert stage.row(each.user_id, each.version_id) is not None


def test_how_they_were_is_kept(stage: Stage, damages: Damages) -> None:
    before = {user_id: stage.row(user_id, "CURRENT") for user_id in USERS}
    corruption(stage, damages).happen()
    assert all(each.current == before[each.user_id] for each in damages.all)
    assert all(each.claim["owner"]["S"] == each.user_id for each in damages.all)


def test_nobody_is_damaged_who_is_not_on_record(stage: Stage, damages: Damages) -> None:
    seen: list[bool] = []

    def noticing(request: httpx.Request) -> httpx.Response:
        user_id = request.url.path.rpartition("/")[2]
        seen.append(any(each.user_id == user_id for each in damages.all))
        return stage.answer(request)

    http = httpx.Client(base_url="http://here", transport=httpx.MockTransport(noticing))
    corruption(stage, damages, http).happen()
    assert seen
    assert all(seen)


def test_whom_somebody_changes_at_that_moment_is_spared(stage: Stage, damages: Damages) -> None:
    def changing(request: httpx.Request) -> httpx.Response:
        for user_id in USERS:
            if stage.row(user_id, "CURRENT")["version"]["N"] == "1":
                stage.api().update(2e9, user_id, {"age": 50})
        return stage.answer(request)

    http = httpx.Client(base_url="http://here", transport=httpx.MockTransport(changing))
    assert corruption(stage, damages, http).happen() == 0
    assert all(stage.row(user_id, "CURRENT")["age"]["N"] == "50" for user_id in USERS)
    assert damages.began_at is not None


def test_an_api_that_fails_ends_it(stage: Stage, damages: Damages) -> None:
    http = httpx.Client(base_url="http://here", transport=httpx.MockTransport(lambda _: httpx.Response(500)))
    with pytest.raises(FaultError, match="answered with 500"):
        corruption(stage, damages, http).happen()


def test_it_may_be_stopped(stage: Stage, damages: Damages) -> None:
    stopped = corruption(stage, damages)
    stopped.stopping.set()
    assert stopped.happen() == 0
    assert damages.began_at is None
