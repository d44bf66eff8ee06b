"""What the DNS of this machine wrote down of health and answers, as events of a drill."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.drill.timeline import AnswerChanged, HealthChanged
from pipeline.local.service import Service

Change = HealthChanged | AnswerChanged

# Of a Region's checks, the one that its record goes by; those that it is calculated from have other kinds.
DECIDES = "calculated"


@dataclass(frozen=True, kw_only=True)
class DnsLog:
    """One file, which each start of the DNS begins anew: when it was begun, what changed, whether it is full.

    A Region is named as AWS does; an answer that leads nowhere has an empty one.
    """

    began: float
    changes: Sequence[Change]
    full: bool


def file_of(dns: Service) -> Path:
    """Return the file to which a DNS writes what happens."""
    return Path(dns.command[dns.command.index("--events") + 1])


def read(file: Path, name: str) -> DnsLog:
    """Return the log, with the answers of one name; a line that is being written is left out.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not such a log.
    """
    events = [json.loads(line) for line in file.read_bytes().split(b"\n")[:-1]]
    if not events or events[0].get("event") != "start":
        raise ValueError(f"{file} does not begin with the start of the DNS")
    try:
        changes = list(_changes(events, name.rstrip(".").lower()))
        began = _seconds(events[0])
    except (KeyError, TypeError) as error:
        raise ValueError(f"{file} has an event without what belongs to it: {error}") from error
    return DnsLog(began=began, changes=changes, full=events[-1]["event"] == "full")


def _changes(events: Sequence[Mapping[str, Any]], name: str) -> Iterator[Change]:
    for event in events:
        match event:
            case {"event": "health", "kind": kind, "region": str(region)} if kind == DECIDES:
                yield HealthChanged(at=_seconds(event), region=region, healthy=event["healthy"])
            case {"event": "answer", "name": str(answered)} if answered.rstrip(".").lower() == name:
                yield AnswerChanged(at=_seconds(event), region=event["region"] or "")


def _seconds(event: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(event["at"]).timestamp()
