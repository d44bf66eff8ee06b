"""The data plane answers from what was deployed and seen, and says what changed and why."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.local.dns.data_plane import DataPlane
from pipeline.local.dns.events import EventLog
from pipeline.local.dns.records import Answer
from pipeline.local.dns.zone import Zone, write
from tests.pipeline.local.dns import zones
from tests.pipeline.local.dns.zones import FIRST, SECOND, SHARED, endpoint, zone


class Plane(DataPlane):
    """A data plane with its files."""

    def __init__(self, folder: Path, events: EventLog) -> None:
        self.file = folder / "zone.json"
        self._log = folder / "events.jsonl"
        self._stamp = 0
        super().__init__(self.file, events)

    def deploy(self, zone: Zone) -> bool:
        write(zone, self.file)
        return self.touch()

    def touch(self) -> bool:
        """Make the file one that has changed, whatever the clock's steps, and have it read."""
        self._stamp += 1
        os.utime(self.file, ns=(self._stamp, self._stamp))
        return self.reload()

    def fail(self, check: str, reason: str = "HTTP 503", times: int = 3) -> None:
        for _ in range(times):
            self.observe(check, False, reason)

    def address(self, name: str = SHARED) -> str | None:
        answer = self.lookup(name)
        assert answer is not None
        return answer.values[0] if answer.values else None

    def logged(self, event: str) -> list[dict[str, Any]]:
        found = [json.loads(line) for line in self._log.read_text().splitlines()]
        return [line for line in found if line["event"] == event]


@pytest.fixture
def plane(tmp_path: Path) -> Iterator[Plane]:
    with closing(EventLog(tmp_path / "events.jsonl")) as events:
        yield Plane(tmp_path, events)


def test_before_the_first_deployment_every_name_is_somebody_elses(plane: Plane) -> None:
    assert not plane.reload()
    assert plane.lookup(SHARED) is None
    assert plane.describe() == {"zone": None, "checks": [], "answers": {}}


def test_names_are_answered_in_any_case_and_others_are_not_ours(plane: Plane) -> None:
    assert plane.deploy(zone())
    assert plane.address("USERS.local.EXAMPLE") == FIRST
    assert plane.lookup("nobody.local.example") == Answer(exists=False)
    assert plane.lookup("example.org") is None


def test_the_zone_is_read_once_until_its_file_changes(plane: Plane) -> None:
    plane.deploy(zone())
    assert not plane.reload()
    assert plane.deploy(zone(records=()))
    assert plane.lookup(SHARED) == Answer(exists=False)


def test_the_zone_stays_when_its_file_goes_or_is_spoilt(
    plane: Plane, caplog: pytest.LogCaptureFixture
) -> None:
    plane.deploy(zone())
    plane.file.write_text("{")
    assert not plane.touch()
    assert [record.message.partition(" holds no zone")[0] for record in caplog.records] == [str(plane.file)]
    plane.file.unlink()
    assert not plane.reload()
    assert plane.address() == FIRST


def test_health_decides_the_answer_and_a_deployment_keeps_it(plane: Plane) -> None:
    plane.deploy(zone())
    plane.fail("eu-west-1-api")
    assert plane.address() == SECOND
    assert plane.deploy(zone(("http://new", "http://two")))
    assert plane.address() == SECOND


def test_a_changed_check_begins_anew(plane: Plane) -> None:
    plane.deploy(zone())
    plane.fail("eu-west-1-api")
    changed = endpoint("eu-west-1", path="/ready")
    plane.deploy(zone(endpoint_checks=(changed, endpoint("eu-central-1"))))
    assert plane.address() == FIRST


def test_a_check_that_is_made_anew_knows_what_the_former_one_saw(plane: Plane) -> None:
    plane.deploy(zone())
    plane.fail("eu-west-1-api")
    again = (endpoint("eu-west-1", id="made-anew"), endpoint("eu-central-1"))
    former = zone()
    calculated = tuple(
        replace(
            check, children=tuple(child.replace("eu-west-1-api", "made-anew") for child in check.children)
        )
        for check in former.calculated_checks
    )
    plane.deploy(zone(endpoint_checks=again, calculated_checks=calculated))
    assert plane.address() == SECOND


def test_the_stop_switch_turns_the_answer_and_no_data_leaves_it(plane: Plane) -> None:
    plane.deploy(zone())
    plane.observe("eu-west-1-stop", False, "the alarm is ALARM")
    plane.observe("eu-west-1-stop", None, "the alarm cannot be read")
    assert plane.address() == SECOND
    plane.observe("eu-west-1-stop", True, "the alarm is OK")
    assert plane.address() == FIRST


def test_a_start_logs_every_check_and_every_answer(plane: Plane) -> None:
    plane.deploy(zone())
    assert [(line["zone"], line["checks"]) for line in plane.logged("zone")] == [("local.example.", 6)]
    assert {(line["check"], line["healthy"]) for line in plane.logged("health")} == {
        (check, True) for check in zone().checks
    }
    answers = {line["name"]: (line["address"], line["region"]) for line in plane.logged("answer")}
    assert answers[SHARED] == (FIRST, "eu-west-1")
    assert len(answers) == 5


def test_a_change_is_logged_with_its_reason_and_nothing_else_is(plane: Plane) -> None:
    plane.deploy(zone())
    before = len(plane.logged("health")), len(plane.logged("answer"))
    plane.fail("eu-west-1-api", times=2)
    assert (len(plane.logged("health")), len(plane.logged("answer"))) == before
    plane.fail("eu-west-1-api", "no answer within 2 s", times=5)
    health, answers = plane.logged("health")[before[0] :], plane.logged("answer")[before[1] :]
    for line in (*health, *answers):
        del line["at"], line["event"]
    where = {"role": "primary", "region": "eu-west-1"}
    assert health == [
        {
            "check": "eu-west-1-api",
            **where,
            "kind": "endpoint",
            "subject": "eu-west-1.users.local.example./health",
            "healthy": False,
            "reason": "no answer within 2 s",
        },
        {
            "check": "eu-west-1-both",
            **where,
            "kind": "calculated",
            "subject": "2 of 2 checks",
            "healthy": False,
            "reason": "no answer within 2 s",
        },
    ]
    assert answers == [
        {
            "name": SHARED,
            "address": SECOND,
            "role": "secondary",
            "region": "eu-central-1",
            "reason": "no answer within 2 s",
        }
    ]


def test_a_name_that_a_deployment_takes_away_is_logged(plane: Plane) -> None:
    plane.deploy(zone())
    plane.deploy(zone(records=tuple(r for r in zone().records if r.name != SHARED)))
    last = plane.logged("answer")[-1]
    assert (last["name"], last["address"], last["reason"]) == (SHARED, None, "the zone was read")


def test_the_state_says_what_each_check_is_and_last_saw(plane: Plane) -> None:
    plane.deploy(
        zone(endpoint_checks=(replace(endpoint("eu-west-1"), inverted=True), endpoint("eu-central-1")))
    )
    plane.fail("eu-west-1-api", "HTTP 500", times=1)
    described = {check["check"]: check for check in plane.describe()["checks"]}
    assert described["eu-west-1-api"] == {
        "check": "eu-west-1-api",
        "role": "primary",
        "region": "eu-west-1",
        "kind": "endpoint",
        "subject": "eu-west-1.users.local.example./health",
        "healthy": False,
        "inverted": True,
        "disabled": False,
        "last_result": "HTTP 500",
        "results_against": 1,
    }
    assert described["eu-west-1-stop"]["subject"] == "stop-eu-west-1 in eu-central-1"
    assert described["eu-west-1-stop"]["role"] == "primary"
    assert "last_result" not in described["eu-west-1-both"]
    assert plane.describe()["answers"][SHARED] == {
        "address": SECOND,
        "role": "secondary",
        "region": "eu-central-1",
    }
    assert sorted(plane.describe()["answers"]) == sorted({record.name for record in zones.records()})
