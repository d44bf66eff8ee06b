"""Events as the DNS of this machine writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NAME = "users.local.example"
AT = datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp()


def at(seconds: float) -> str:
    return datetime.fromtimestamp(AT + seconds, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def start(seconds: float) -> Mapping[str, Any]:
    return {"at": at(seconds), "event": "start", "time_scale": 10}


def health(seconds: float, region: str | None, healthy: bool, kind: str = "calculated") -> Mapping[str, Any]:
    return {"at": at(seconds), "event": "health", "kind": kind, "region": region, "healthy": healthy}


def answer(seconds: float, name: str, region: str | None) -> Mapping[str, Any]:
    return {"at": at(seconds), "event": "answer", "name": f"{name}.", "region": region}


def write(folder: Path, *events: Mapping[str, Any]) -> Path:
    """Write a log anew, as a start of the DNS does."""
    file = folder / "dns-events.jsonl"
    file.write_text("".join(json.dumps(event) + "\n" for event in events))
    return file
