"""A Region's process is killed, frozen or cut off, and nothing that was acknowledged is lost."""

from __future__ import annotations

import signal
from uuid import uuid4

import httpx
import pytest

from pipeline.local import control
from pipeline.local.layout import RegionPlace
from tests.e2e.load import load
from tests.e2e.platform import Platform
from tests.waiting import eventually

pytestmark = pytest.mark.e2e


def assert_converged(platform: Platform, acknowledged: list[str]) -> None:
    primary, secondary = platform.layout.regions
    eventually(lambda: platform.rows(primary) == platform.rows(secondary))
    rows = platform.rows(primary)
    missing = [user_id for user_id in acknowledged if (user_id, "CURRENT") not in rows]
    unclaimed = [u for u in acknowledged if (f"EMAIL#{u}@example.com", "CLAIM") not in rows]
    assert (missing, unclaimed) == ([], [])


def settled(region: RegionPlace) -> bool:
    status = control.status(region)
    return status is not None and all(entry["connected"] for entry in status["replication"])


@pytest.mark.parametrize("role", ["primary", "secondary"])
def test_every_acknowledged_write_is_there_after_a_region_was_killed(platform: Platform, role: str) -> None:
    region = next(region for region in platform.layout.regions if region.role == role)
    with load(region.api_url) as clients:
        clients.await_acknowledged(40)
        platform.service(region).signal(signal.SIGKILL)
        eventually(lambda: clients.refused)
    platform.up()
    assert_converged(platform, clients.acknowledged)


@pytest.mark.parametrize("frozen", ["primary", "secondary"])
def test_both_regions_converge_after_one_was_frozen_under_load(platform: Platform, frozen: str) -> None:
    region = next(region for region in platform.layout.regions if region.role == frozen)
    (other,) = (place for place in platform.layout.regions if place != region)
    with load(region.api_url) as before, load(other.api_url) as throughout:
        before.await_acknowledged(20)
        platform.service(region).signal(signal.SIGSTOP)
        try:
            throughout.await_acknowledged(40)
        finally:
            platform.service(region).signal(signal.SIGCONT)
        throughout.await_acknowledged(10)
    eventually(lambda: settled(region) and settled(other))
    assert_converged(platform, before.acknowledged + throughout.acknowledged)


def test_paused_replication_holds_changes_until_it_is_resumed(platform: Platform, http: httpx.Client) -> None:
    primary, secondary = platform.layout.regions
    user_id = uuid4().hex
    control.set_replication(secondary, paused=True)
    try:
        user = {"user_id": user_id, "name": "Held", "email": f"{user_id}@example.com"}
        assert http.post(f"{primary.api_url}/users", json=user).status_code == 201
        eventually(lambda: (s := control.status(secondary)) and s["replication"][0]["behind_ms"] > 100)
        assert http.get(f"{secondary.api_url}/users/{user_id}").status_code == 404
    finally:
        control.set_replication(secondary, paused=False)
    eventually(lambda: http.get(f"{secondary.api_url}/users/{user_id}").is_success)


def test_state_survives_down_and_up(platform: Platform, http: httpx.Client) -> None:
    user_id = uuid4().hex
    user = {"user_id": user_id, "name": "Kept", "email": f"{user_id}@example.com"}
    created = http.post(f"{platform.layout.url}/users", json=user).json()
    before = platform.rows(platform.layout.primary)

    assert "Stopped: front-door, dns, secondary, primary." in platform.make("down").stdout
    output = platform.up()

    assert "deploying" not in output
    assert platform.rows(platform.layout.primary) == before
    assert http.get(f"{platform.layout.url}/users/{user_id}").json() == {"user": created["user"]}
