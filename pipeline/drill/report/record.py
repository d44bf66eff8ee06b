"""One drill as JSON: all that the page tells, without its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import msgspec

from pipeline.drill.report import figures
from pipeline.drill.report.axis import Axis
from pipeline.drill.report.drilled import Drilled, Taken
from pipeline.drill.series import buckets
from pipeline.drill.step import Step
from pipeline.drill.timeline import AnswerChanged, CallMade, FaultStep, HealthChanged, LagSampled

FORMAT = 1


def as_json(drilled: Drilled) -> Mapping[str, Any]:
    """Return the report as JSON values.

    Instants of the drill itself are RFC 3339 in UTC; moments within it are seconds since the epoch, as in the
    ledger and the diary. The attempts are in the ledger; here is what was drawn of them.
    """
    record = {
        "format": FORMAT,
        **_about(drilled),
        "facts": asdict(drilled.evidence.facts),
        "verdict": drilled.verdict.as_json(),
        "steps": [_step(taken) for taken in drilled.steps],
        "restored_by": drilled.restored_by,
        "timeline": _timeline(drilled),
        "not_tested": [*drilled.scenario.not_tested, *drilled.limits],
        "undivided": drilled.undivided,
        "torn_line": drilled.torn_line,
        "files": drilled.files,
        "command": drilled.command,
    }
    values: Mapping[str, Any] = msgspec.json.decode(encoded(record))
    return values


def encoded(values: Mapping[str, Any]) -> bytes:
    """Return JSON in UTF-8, with a replacement for what no text may hold; what is not a number is null."""
    return msgspec.json.encode(_speakable(values))


def _speakable(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    """Replace halves of characters, which UTF-8 cannot express."""
    match value:
        case str():
            return value.encode(errors="replace").decode()
        case Mapping():
            return {_speakable(key): _speakable(item) for key, item in value.items()}
        case list() | tuple():
            return [_speakable(item) for item in value]
    return value


def _about(drilled: Drilled) -> Mapping[str, Any]:
    """Return what the head of the page says."""
    return {
        "scenario": drilled.scenario.name,
        "hypothesis": drilled.scenario.hypothesis,
        "met": drilled.met,
        "summary": drilled.sentence,
        "place": drilled.place,
        "deployment": drilled.deployment,
        "versions": drilled.versions,
        "time_scale": drilled.time_scale,
        "allowance_s": drilled.allowance_s,
        "started_at": figures.instant(drilled.started_at),
        "ended_at": figures.instant(drilled.ended_at),
        "duration_s": drilled.ended_at - drilled.started_at,
    }


def _step(taken: Taken[Step]) -> Mapping[str, Any]:
    step, ended = taken.step, taken.ended
    return {
        "number": taken.number + 1,
        "do": step.do,
        "why": step.why,
        "role": step.role,
        "fault": step.fault and str(step.fault),
        "began_at": taken.began and taken.began.at,
        "ended_at": ended and ended.at,
        "in_time": ended and ended.done,
        "seen": ended.note if ended else "",
    }


def _timeline(drilled: Drilled) -> Mapping[str, Any]:
    timeline, axis = drilled.evidence.timeline, Axis.of(drilled)
    found = buckets(drilled.evidence.attempts, start=axis.start, width=axis.bucket_s)
    return {
        "faults": [asdict(event) for event in timeline.of(FaultStep)],
        "health": [asdict(event) for event in timeline.of(HealthChanged)],
        "dns": [asdict(event) for event in timeline.of(AnswerChanged)],
        "replication": [asdict(event) for event in timeline.of(LagSampled)],
        "calls": [asdict(event) for event in timeline.of(CallMade) if not event.by_drill],
        "bucket_s": axis.bucket_s,
        "requests": [{**asdict(bucket), "success_rate": bucket.success_rate} for bucket in found],
    }
