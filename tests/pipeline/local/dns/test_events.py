"""The event log holds what happened since the start, line by line, and no more than fits."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from pipeline.local.dns.events import EventLog

NOW = datetime(2026, 7, 1, 12, 0, 0, 1, tzinfo=UTC)


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_an_event_is_a_line_that_is_there_at_once(tmp_path: Path) -> None:
    file = tmp_path / "new" / "events.jsonl"
    with closing(EventLog(file, now=lambda: NOW)) as events:
        events.add("health", check="x", healthy=False)
        assert lines(file) == [
            {"at": "2026-07-01T12:00:00.000001Z", "event": "health", "check": "x", "healthy": False}
        ]


def test_a_start_begins_the_file_anew(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    for event in ("former", "new"):
        with closing(EventLog(file)) as events:
            events.add(event)
    (line,) = lines(file)
    assert line["event"] == "new"
    assert datetime.fromisoformat(line["at"]).astimezone(timezone.utc) - NOW > timedelta(0)  # noqa: UP017


def test_a_full_log_says_so_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "events.jsonl"
    with closing(EventLog(file, limit=2)) as events:
        for number in range(5):
            events.add("answer", number=number)
    assert [(line["event"], line.get("number")) for line in lines(file)] == [
        ("answer", 0),
        ("answer", 1),
        ("full", None),
    ]
    assert [record.message for record in caplog.records] == [
        f"{file} is full: what happens from here on is not in it"
    ]
