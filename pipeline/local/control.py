"""Speaks to a running Region's own calls below `/_local/`."""

from __future__ import annotations

from typing import Any

import httpx

from pipeline.local.errors import LocalError
from pipeline.local.layout import RegionPlace

ANSWER_S = 3.0
SAVE_S = 60.0


def status(region: RegionPlace) -> dict[str, Any] | None:
    """Return what the Region says of itself, or None where it does not answer within 3 s."""
    try:
        answer = httpx.get(f"{region.aws_url}/_local/status", timeout=ANSWER_S, trust_env=False)
        found = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def checkpoint(region: RegionPlace) -> None:
    """Have the Region save all that its journal does not hold: stacks, functions, objects.

    Raises:
        LocalError: it did not.
    """
    _post(region, "checkpoint", {}, SAVE_S)


def set_replication(region: RegionPlace, *, paused: bool | None = None, lag_ms: int | None = None) -> None:
    """Pause or resume what arrives in the Region, or set its lag in ms; a restart forgets both.

    Raises:
        LocalError: the Region did not take it.
    """
    _post(region, "replication", {"paused": paused, "lag_ms": lag_ms}, ANSWER_S)


def set_table(region: RegionPlace, *, reachable: bool) -> None:
    """Make DynamoDB in the Region fail whoever asks it, or answer again; a restart forgets it.

    Raises:
        LocalError: the Region did not take it.
    """
    _post(region, "faults", {"table": None if reachable else "unreachable"}, ANSWER_S)


def _post(region: RegionPlace, call: str, body: dict[str, Any], timeout: float) -> None:
    try:
        url = f"{region.aws_url}/_local/{call}"
        httpx.post(url, json=body, timeout=timeout, trust_env=False).raise_for_status()
    except httpx.HTTPError as error:
        raise LocalError(f"The {region.role} Region did not answer to {call}: {error}") from error
