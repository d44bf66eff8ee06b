"""The events of the DNS become those of a drill."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pipeline.drill.local.dns_log import read
from pipeline.drill.timeline import AnswerChanged, HealthChanged
from tests.pipeline.drill.local.dns_events import AT, NAME, answer, health, start, write


def test_the_check_that_a_record_goes_by_and_the_shared_name_are_told(tmp_path: Path) -> None:
    events = [
        start(0),
        health(1, "eu-west-1", True),
        answer(2, NAME, "eu-west-1"),
        health(3, "eu-west-1", False),
        answer(4, NAME, "eu-central-1"),
    ]
    log = read(write(tmp_path, *events), NAME)
    assert (log.began, log.full) == (AT, False)
    assert log.changes == [
        HealthChanged(at=AT + 1, region="eu-west-1", healthy=True),
        AnswerChanged(at=AT + 2, region="eu-west-1"),
        HealthChanged(at=AT + 3, region="eu-west-1", healthy=False),
        AnswerChanged(at=AT + 4, region="eu-central-1"),
    ]


def test_other_checks_names_and_events_are_passed_over(tmp_path: Path) -> None:
    events = [
        start(0),
        health(1, "eu-west-1", False, kind="endpoint"),
        health(1, "eu-west-1", False, kind="alarm"),
        health(1, None, False),
        answer(2, "eu-west-1.users.local.example", "eu-west-1"),
        {"at": "2026-11-24T12:00:03Z", "event": "zone", "zone": "local.example.", "checks": 6},
    ]
    assert read(write(tmp_path, *events), NAME).changes == []


def test_an_answer_that_leads_nowhere_has_no_region(tmp_path: Path) -> None:
    log = read(write(tmp_path, start(0), answer(1, NAME, None)), NAME)
    assert log.changes == [AnswerChanged(at=AT + 1, region="")]


def test_a_log_that_took_no_more_says_so(tmp_path: Path) -> None:
    full = {"at": "2026-11-24T12:00:03Z", "event": "full"}
    assert read(write(tmp_path, start(0), full), NAME).full


def test_a_line_that_is_being_written_is_left_out(tmp_path: Path) -> None:
    file = write(tmp_path, start(0))
    with file.open("a") as log:
        log.write(json.dumps(answer(1, NAME, "eu-west-1"))[:-5])
    assert read(file, NAME).changes == []


@pytest.mark.parametrize(
    "events",
    [[], [answer(1, NAME, "eu-west-1")], [start(0), {"event": "answer", "name": NAME}], [{"event": "start"}]],
)
def test_what_is_no_such_log_is_said(tmp_path: Path, events: list[Mapping[str, Any]]) -> None:
    with pytest.raises(ValueError, match=r"dns-events\.jsonl"):
        read(write(tmp_path, *events), NAME)
