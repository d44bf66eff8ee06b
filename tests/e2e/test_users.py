"""REST clients meet one API in two Regions."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest

from tests.e2e.platform import Platform
from tests.waiting import eventually

pytestmark = pytest.mark.e2e


def new_user() -> dict[str, str | int]:
    user_id = uuid4().hex
    return {"user_id": user_id, "name": "Ada Lovelace", "email": f"{user_id}@example.com", "age": 36}


@pytest.mark.parametrize(("written", "read"), [("primary", "secondary"), ("secondary", "primary")])
def test_a_user_created_in_one_region_is_read_in_the_other(
    platform: Platform, http: httpx.Client, written: str, read: str
) -> None:
    here, there = (next(r for r in platform.layout.regions if r.role == role) for role in (written, read))
    user = new_user()
    created = http.post(f"{here.api_url}/users", json=user)
    assert (created.status_code, created.headers["X-Region"]) == (201, here.name)

    copy = there.api_url + created.headers["Location"]
    eventually(lambda: http.get(copy).is_success)
    arrived = http.get(copy)

    assert arrived.headers["X-Region"] == there.name
    assert arrived.json()["user"] == created.json()["user"]
    assert arrived.headers["ETag"] == created.headers["ETag"]


def test_the_front_door_leads_to_the_primary_region(platform: Platform, http: httpx.Client) -> None:
    answer = http.get(f"{platform.layout.url}/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "region": "eu-west-1"})
    assert answer.headers["X-Region"] == platform.layout.primary.name


def test_an_email_taken_in_one_region_is_taken_in_the_other(platform: Platform, http: httpx.Client) -> None:
    user = new_user()
    assert http.post(f"{platform.layout.primary.api_url}/users", json=user).status_code == 201
    claim = (f"EMAIL#{user['email']}", "CLAIM")  # a transaction arrives row by row
    eventually(lambda: claim in platform.rows(platform.layout.secondary))
    other = platform.layout.secondary.api_url

    refused = http.post(f"{other}/users", json={**new_user(), "email": str(user["email"]).upper()})

    assert refused.status_code == 409
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["error"] == "Email already in use"


def test_a_request_that_makes_no_sense_is_a_problem_that_says_why(
    platform: Platform, http: httpx.Client
) -> None:
    answer = http.post(f"{platform.layout.url}/users", content=b'{"name": "Ada", "name": "Bob"}')
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Traceback" not in answer.text


def test_each_write_leaves_a_current_row_a_history_row_and_a_claim(
    platform: Platform, http: httpx.Client
) -> None:
    user = new_user()
    created = http.post(f"{platform.layout.url}/users", json=user).json()["user"]
    rows = platform.rows(platform.layout.primary)
    history = f"{created['timestamp']}#{platform.layout.primary.name}"
    claim = rows[f"EMAIL#{user['email']}", "CLAIM"]
    assert rows[created["user_id"], "CURRENT"]["version_id"] == {"S": history}
    assert rows[created["user_id"], history]["change"] == {"S": "created"}
    assert claim["owner"] == {"S": created["user_id"]}
