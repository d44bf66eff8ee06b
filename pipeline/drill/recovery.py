"""How long clients suffered from a fault, and which part of that each mechanism took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.drill.attempt import Attempt, ClientKind, Operation
from pipeline.drill.facts import Facts, Sustained
from pipeline.drill.timeline import AnswerChanged, HealthChanged, Timeline


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """What clients of one kind went through, in seconds.

    `rto_s` is that of the last of them; None where one was not served again, 0 where none ever failed. Its
    parts add up to it: `detection_s` until the primary's health check was unhealthy, `dns_s` from then until
    DNS answered with the secondary, `client_s` from then until the client was served. A part is None where
    there was no such event before the recovery.
    """

    kind: ClientKind
    rto_s: float | None
    failures: int
    detection_s: float | None = None
    dns_s: float | None = None
    client_s: float | None = None


def recoveries(attempts: Sequence[Attempt], timeline: Timeline, facts: Facts) -> Sequence[Recovery]:
    """Return the recovery of each kind of client that there is, by its name."""
    detected, turned = _turning_points(timeline, facts)
    found = []
    for kind, sent in sorted(_by_kind(attempts, facts.fault_at).items()):
        failures = sum(attempt.failed for attempt in sent)
        if not failures:
            served = any(attempt.acknowledged and _writes(attempt) for attempt in sent)
            found.append(Recovery(kind=kind, rto_s=0.0 if served else None, failures=0))
            continue
        served_at = served_again_at(sent, facts.sustained)
        if served_at is None:
            found.append(Recovery(kind=kind, rto_s=None, failures=failures))
            continue
        found.append(
            Recovery(
                kind=kind,
                rto_s=served_at - facts.fault_at,
                failures=failures,
                detection_s=_span(facts.fault_at, detected, served_at),
                dns_s=_span(detected, turned, served_at),
                client_s=_span(turned, served_at, served_at),
            )
        )
    return found


def recovered_at(found: Sequence[Recovery], facts: Facts) -> float | None:
    """Return when the last kind of client was served again; None where one was not, or there is none."""
    spans = [recovery.rto_s for recovery in found if recovery.rto_s is not None]
    return facts.fault_at + max(spans) if found and len(spans) == len(found) else None


def served_again_at(sent: Sequence[Attempt], sustained: Sustained) -> float | None:
    """Return when the last client had its first success of the first sustained run; None without such a run.

    The attempts are in the order in which they were sent, so one that hangs from before the recovery does not
    count against what was sent after it. A run reaches from the sending of its first success to the answer
    of a later one, and has a write in it, and a success of each client: one that still waits for an answer
    is not served because another one is. What a 4xx judged neither adds to a run nor breaks it.
    """
    clients = {attempt.asked.client for attempt in sent}
    run = _Run()
    for attempt in sent:
        if attempt.failed:
            run = _Run()
        elif attempt.acknowledged:
            run.add(attempt)
            if run.wrote and run.firsts.keys() == clients and run.lasts(attempt, sustained):
                return max(run.firsts.values())
    return None


@dataclass(kw_only=True)
class _Run:
    """Successes in a row; `firsts` is when each client had its first one."""

    since: float | None = None
    successes: int = 0
    wrote: bool = False
    firsts: dict[str, float] = field(default_factory=dict)

    def add(self, success: Attempt) -> None:
        self.since = success.at if self.since is None else self.since
        self.successes += 1
        self.wrote = self.wrote or _writes(success)
        self.firsts.setdefault(success.asked.client, success.ended_at)

    def lasts(self, latest: Attempt, sustained: Sustained) -> bool:
        since = latest.at if self.since is None else self.since
        return self.successes >= sustained.successes and latest.ended_at - since >= sustained.seconds


def _writes(attempt: Attempt) -> bool:
    return attempt.asked.operation is not Operation.READ


def _by_kind(attempts: Sequence[Attempt], fault_at: float) -> Mapping[ClientKind, Sequence[Attempt]]:
    """Sort out, for each kind of client, what ended after the fault, in the order of sending.

    An attempt under way at the fault suffers from it as much as a later one.
    """
    kinds: dict[ClientKind, list[Attempt]] = {}
    for attempt in sorted(attempts, key=lambda attempt: attempt.at):
        sent = kinds.setdefault(attempt.asked.kind, [])
        if attempt.ended_at >= fault_at:
            sent.append(attempt)
    return kinds


def _turning_points(timeline: Timeline, facts: Facts) -> tuple[float | None, float | None]:
    """Find when the primary was first found unhealthy, and when DNS then first left it."""
    detected = next(
        (
            change.at
            for change in timeline.of(HealthChanged)
            if change.at >= facts.fault_at and change.region == facts.primary and not change.healthy
        ),
        None,
    )
    turned = next(
        (
            change.at
            for change in timeline.of(AnswerChanged)
            if change.at >= (detected or facts.fault_at) and change.region == facts.secondary
        ),
        None,
    )
    return detected, turned


def _span(start: float | None, end: float | None, limit: float) -> float | None:
    """Measure from one event to the next, where both came before a client was served."""
    return None if start is None or end is None or end > limit or start > end else end - start
