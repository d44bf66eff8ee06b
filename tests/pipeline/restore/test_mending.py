"""Who was damaged is put back as before, and nobody else is."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import httpx
import pytest

from pipeline.drill.attempt import Fields
from pipeline.drill.clock import Clock
from pipeline.drill.faults import FaultError
from pipeline.drill.profile import FIELDS
from pipeline.drill.step import Role
from pipeline.restore.corruption import Corruption, bad_email
from pipeline.restore.damage import Damage, Damages, How
from pipeline.restore.mending import Mending
from tests.pipeline.restore.staged import FORMER, Stage

USERS = [f"u{number}" for number in range(30)]


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.users(*USERS)
    return stage


@pytest.fixture
def damaged(stage: Stage, tmp_path: Path) -> list[Damage]:
    damages = Damages(tmp_path / "damage.jsonl")
    Corruption(
        region=stage.place.region(Role.PRIMARY, FORMER),
        http=stage.place.http(),
        damages=damages,
        clock=Clock(),
        stopping=threading.Event(),
    ).happen()
    return list(damages.all)


def mending(stage: Stage, http: httpx.Client | None = None) -> Mending:
    return Mending(region=stage.place.region(Role.PRIMARY, FORMER), http=http or stage.place.http())


def profile(stage: Stage, user_id: str) -> dict[str, object]:
    row = stage.row(user_id, "CURRENT")
    return {name: row.get(name) for name in FIELDS}


def first(damaged: list[Damage], how: How) -> Damage:
    return next(each for each in damaged if each.how is how)


def test_everybody_is_as_before(stage: Stage, damaged: list[Damage]) -> None:
    mending(stage).mend(damaged)
    for each in damaged:
        assert profile(stage, each.user_id) == {name: each.current.get(name) for name in FIELDS}
        assert stage.row(f"EMAIL#{each.email}", "CLAIM")["owner"]["S"] == each.user_id
        assert stage.row(f"EMAIL#{bad_email(each)}", "CLAIM") is None


def test_a_second_time_nothing_changes(stage: Stage, damaged: list[Damage]) -> None:
    mending(stage).mend(damaged)
    before = dict(stage.tables[FORMER, "eu-west-1"].rows)
    mending(stage).mend(damaged)
    assert stage.tables[FORMER, "eu-west-1"].rows == before


def test_what_a_client_wrote_since_stays(stage: Stage, damaged: list[Damage]) -> None:
    user_id = first(damaged, How.REWRITTEN).user_id
    stage.api().update(2e9, user_id, {"age": 77})
    mending(stage).mend(damaged)
    assert profile(stage, user_id)["age"] == {"N": "77"}


@pytest.mark.parametrize("email", [None, "mine@drill.example"], ids=["still bad", "made good"])
def test_what_a_client_writes_at_that_moment_is_looked_at_first(
    stage: Stage, damaged: list[Damage], email: str | None
) -> None:
    one = first(damaged, How.REWRITTEN)
    changes: list[Fields] = [{"age": 77, **({"email": email} if email else {})}]

    def meanwhile(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(f"/{one.user_id}") and changes:
            stage.api().update(time.time(), one.user_id, changes.pop())
        return stage.answer(request)

    http = httpx.Client(base_url="http://here", transport=httpx.MockTransport(meanwhile))
    mending(stage, http).mend([one])
    assert profile(stage, one.user_id)["age"] == {"N": "77"}
    assert profile(stage, one.user_id)["email"] == {"S": email or one.email}


def test_whom_a_client_deleted_since_stays_away(stage: Stage, damaged: list[Damage]) -> None:
    user_id = first(damaged, How.REWRITTEN).user_id
    stage.api().delete(2e9, user_id)
    mending(stage).mend(damaged)
    assert stage.row(user_id, "CURRENT") is None


def test_a_user_who_was_overwritten_gets_the_whole_profile_back(stage: Stage, damaged: list[Damage]) -> None:
    user_id = next(name for name in USERS if name not in {each.user_id for each in damaged})
    current, claim = stage.row(user_id, "CURRENT"), stage.row(f"EMAIL#{user_id}@crowd.example", "CLAIM")
    damage = Damage(user_id=user_id, how=How.OVERWRITTEN, at=1.0, current=current, claim=claim)
    stage.api().update(2e9, user_id, {"name": "undefined", "phone": "undefined", "email": bad_email(damage)})
    mending(stage).mend([damage])
    assert profile(stage, user_id) == {name: current.get(name) for name in FIELDS}


def test_whom_it_cannot_put_back_it_names(stage: Stage, damaged: list[Damage]) -> None:
    taken = first(damaged, How.DELETED)
    fields: Fields = {"name": "Thief", "email": taken.email, "age": 1}
    stage.api().create(2e9, "thief", fields, key="thief")
    with pytest.raises(FaultError, match=f"1 users are not as before: {taken.user_id}"):
        mending(stage).mend(damaged)
    assert all(stage.row(each.user_id, "CURRENT") for each in damaged if each is not taken)


def test_it_waits_until_a_fence_is_forgotten(
    stage: Stage, damaged: list[Damage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.restore.mending.RETRY_S", 0)
    refusals = iter([True, True])

    def fenced(request: httpx.Request) -> httpx.Response:
        return httpx.Response(503) if next(refusals, False) else stage.answer(request)

    http = httpx.Client(base_url="http://here", transport=httpx.MockTransport(fenced))
    mending(stage, http).mend(damaged)
    assert profile(stage, first(damaged, How.REWRITTEN).user_id)["email"] != "x"
    assert next(refusals, None) is None
