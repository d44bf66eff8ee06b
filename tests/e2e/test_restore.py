"""Users are damaged on the platform that `make up` started, and restored, time and again."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import psutil
import pytest

from pipeline.drill.disturbance import Kind
from pipeline.drill.finding import Invariant
from pipeline.local.platform import services
from pipeline.restore.folder import Folder
from pipeline.restore.local import RESTORES, WATCHDOG, LocalRestores
from pipeline.restore.scenarios import SCENARIOS
from pipeline.restore.step import Do
from pipeline.restore.whole import hold
from tests.e2e.platform import Platform
from tests.waiting import eventually

pytestmark = pytest.mark.e2e

USERS = 60
FIRST, OTHER = "users-local", "users-local-restored"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform of its own, since restores change the table that serves."""
    platform = Platform(tmp_path_factory.mktemp("restored"))
    platform.up()
    yield platform
    assert platform.make("down").returncode == 0


def held(platform: Platform, scenario: str) -> Mapping[str, Any]:
    """Hold a drill by its make target, and return its report."""
    result = platform.make("restore-drill", "--json", "--users", str(USERS), SCENARIO=scenario)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr
    report: Mapping[str, Any] = json.loads(result.stdout)
    return report


def restored(platform: Platform, *, before: str, after: str) -> None:
    """Restore the table, and make sure that all is repaired and nothing lost."""
    assert platform.layout.served.table_name == before
    report = held(platform, "table-restore")
    verdict, restore = report["verdict"], report["restore"]
    assert report["met"]
    assert verdict["violations"] == []
    assert verdict["durability"]["lost"] == []
    assert verdict["repair"]["repaired"] >= USERS / 2
    assert verdict["repair"]["left"] == 0
    assert (restore["noted"]["former"], restore["noted"]["restored"]) == (before, after)
    assert restore["replayed"]["replayed"] > 20
    assert restore["replayed"]["conflicts"] == []
    said = [(found["table"], found["status"]) for found in restore["validated"][:2]]
    assert said == [(before, "FAILED"), (after, "SUCCESSFUL")]
    assert platform.layout.served.table_name == after
    works(platform)


def works(platform: Platform) -> None:
    """Make sure that a user is created, found in both Regions, and in the table that serves."""
    made = httpx.post(
        f"{platform.layout.url}/users",
        json={"name": "Ada", "email": f"{uuid4().hex}@example.com"},
        timeout=20,
    )
    assert made.status_code == 201, made.text
    user_id = made.json()["user"]["user_id"]
    for region in platform.layout.regions:
        eventually(lambda: httpx.get(f"{region.api_url}/users/{user_id}", timeout=20).is_success)  # noqa: B023
    assert all(service.process for service in services(platform.layout))


def test_a_table_is_restored_into_another_one(platform: Platform) -> None:
    restored(platform, before=FIRST, after=OTHER)


def test_the_platform_goes_on_with_that_one_when_it_starts_anew(platform: Platform) -> None:
    assert platform.make("down").returncode == 0
    platform.up()
    assert platform.layout.served.table_name == OTHER
    works(platform)


def test_a_user_is_put_back(platform: Platform) -> None:
    report = held(platform, "user-restore")
    assert report["met"]
    assert report["verdict"]["violations"] == []
    assert report["verdict"]["repair"] == {"damaged": 1, "repaired": 1, "deleted": 0, "left": 0}
    assert report["verdict"]["refused"] == 0
    assert platform.layout.served.table_name == OTHER


def test_a_restore_without_a_replay_loses_writes_and_names_them(platform: Platform) -> None:
    """The planted fault: what was acknowledged since the restore point is not taken over.

    It is also the next restore, which goes back into the first table.
    """
    assert platform.layout.served.table_name == OTHER
    whole = SCENARIOS["table-restore"]
    faulty = replace(whole, steps=[step for step in whole.steps if step.do is not Do.REPLAY])
    path = platform.layout.state / RESTORES / "without-replay"
    venue = LocalRestores(layout=platform.layout)

    drill = asyncio.run(hold(faulty, venue, path, lambda _: None, users=USERS))

    assert not drill.met
    lost = drill.verdict.durability.lost
    sent = {attempt.asked.id for attempt in drill.evidence.attempts if attempt.acknowledged}
    assert lost
    assert {write.attempt_id for write in lost} <= sent
    assert drill.verdict.count(Invariant.LOST) == len(lost)
    assert lost[0].write_id in (path / "report.html").read_text(encoding="utf-8")
    assert platform.layout.served.table_name == FIRST
    works(platform)


def module(platform: Platform, *arguments: str) -> list[str]:
    """Return the words that run the command line without make, whose child the drill would be."""
    where = ["--port", str(platform.layout.port), "--state", str(platform.layout.state)]
    return [sys.executable, "-m", "pipeline.restore", *arguments, *where]


@contextmanager
def under_way(platform: Platform) -> Iterator[tuple[psutil.Process, Folder]]:
    """Have a drill begin in a process of its own, and give that and its folder."""
    folders = set(platform.layout.state.glob(f"{RESTORES}/*"))
    where = ["--port", str(platform.layout.port), "--state", str(platform.layout.state)]
    command = [
        sys.executable,
        "-m",
        "pipeline.restore",
        "run",
        "table-restore",
        "--users",
        str(USERS),
        *where,
    ]
    options = {name: value for name, value in platform.options().items() if name != "capture_output"}
    options |= {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, **options) as drill:  # noqa: S603
        found = eventually(lambda: set(platform.layout.state.glob(f"{RESTORES}/*")) - folders, within_s=60)
        yield psutil.Process(drill.pid), Folder(path=found.pop())
        drill.wait(60)


def disturbed(folder: Folder, kind: Kind) -> Callable[[], bool]:
    """Return what tells whether a drill has a disturbance of a kind on record."""
    return lambda: any(each.kind is kind for each in folder.disturbances.all)


def as_before(platform: Platform, folder: Folder) -> bool:
    """Tell whether everybody of the crowd, which no client changes, has the email of before."""
    rows = {key[0]: row for key, row in platform.rows(platform.layout.primary).items() if key[1] == "CURRENT"}
    crowd = [each for each in folder.damages.all if each.email.endswith("@crowd.example")]
    return bool(crowd) and all(rows[each.user_id]["email"]["S"] == each.email for each in crowd)


def test_a_drill_that_is_killed_is_undone_by_its_watchdog(platform: Platform) -> None:
    serving = platform.layout.served.table_name
    with under_way(platform) as (drill, folder):
        eventually(disturbed(folder, Kind.FENCED), within_s=240)
        drill.kill()
    eventually(lambda: not folder.disturbances.all, within_s=240)
    assert platform.layout.served.table_name == serving
    assert as_before(platform, folder)
    works(platform)


def test_one_that_is_killed_with_its_watchdog_is_undone_by_a_command(platform: Platform) -> None:
    serving = platform.layout.served.table_name
    with under_way(platform) as (drill, folder):
        eventually(lambda: len(folder.damages.all) >= USERS / 4, within_s=120)
        watchdogs = [each for each in drill.children() if WATCHDOG in each.cmdline()]
        for process in (*watchdogs, drill):
            process.kill()
    assert len(watchdogs) == 1
    refused = platform.make("restore-drill", "--users", "3", SCENARIO="user-restore")
    assert refused.returncode == 2
    assert "pipeline.restore undo" in refused.stderr

    undone = subprocess.run(module(platform, "undo"), **platform.options(), check=False)  # noqa: S603

    assert undone.returncode == 0, undone.stdout + undone.stderr
    assert folder.disturbances.all == []
    assert platform.layout.served.table_name == serving
    assert as_before(platform, folder)
    works(platform)
