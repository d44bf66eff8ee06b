"""What DNS says now: how every health check is, and where the shared name leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx
import msgspec

from pipeline.local.layout import Layout

ANSWER_S = 3.0


@dataclass(frozen=True, kw_only=True)
class CheckStatus:
    """A health check: what it looks at, the Region that it speaks of, if it is one, and what it says.

    A calculated check has no result of its own.
    """

    check: str
    kind: str
    subject: str
    role: str | None
    region: str | None
    healthy: bool
    inverted: bool
    disabled: bool
    last_result: str | None = None


@dataclass(frozen=True, kw_only=True)
class DnsStatus:
    """The health checks, and the role and Region of where `name` leads, None where that is nowhere."""

    name: str
    role: str | None
    region: str | None
    checks: Sequence[CheckStatus]


@dataclass(frozen=True, kw_only=True)
class _Place:
    role: str | None
    region: str | None


@dataclass(frozen=True, kw_only=True)
class _State:
    checks: Sequence[CheckStatus]
    answers: Mapping[str, _Place]


def read(layout: Layout) -> DnsStatus | None:
    """Return what DNS says, None where it does not answer within 3 s or does not know the name yet."""
    domain = layout.deployment.api.domain
    if domain is None:
        return None
    try:
        answer = httpx.get(f"{layout.dns_url}/_local/health", timeout=ANSWER_S, trust_env=False)
        state = msgspec.json.decode(answer.raise_for_status().content, type=_State)
    except (httpx.HTTPError, msgspec.DecodeError):
        return None
    place = state.answers.get(f"{domain.name}.")
    if place is None:
        return None
    return DnsStatus(name=domain.name, role=place.role, region=place.region, checks=state.checks)


def lines(status: DnsStatus) -> Sequence[str]:
    """Return the status for a person: where the name leads, and a line for each health check."""
    where = f"{status.role}, {status.region}" if status.role else "no Region"
    return [f"DNS: {status.name} leads to {where}", *(_line(check) for check in status.checks)]


def _line(check: CheckStatus) -> str:
    health = "disabled" if check.disabled else "healthy" if check.healthy else "unhealthy"
    return f"  {check.role or '-':9} {check.kind:10} {health:9} {check.last_result or check.subject}"
