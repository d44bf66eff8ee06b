"""One restore as JSON: all that the page tells, without its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import msgspec

from pipeline.drill.report import figures
from pipeline.drill.report.axis import Axis
from pipeline.drill.report.drilled import Taken
from pipeline.drill.report.record import encoded
from pipeline.drill.series import buckets
from pipeline.drill.timeline import LagSampled
from pipeline.restore.report.held import Held
from pipeline.restore.step import Step

FORMAT = 1


def as_json(held: Held) -> Mapping[str, Any]:
    """Return the report as JSON values.

    Instants of the drill itself are RFC 3339 in UTC; moments within it are seconds since the epoch, as in the
    ledger and the diary. Rows of damaged users are in `damage.jsonl`, those that the restored table came with
    in `restored.jsonl`, and are not repeated.
    """
    evidence = held.judged.evidence
    record = {
        "format": FORMAT,
        **_about(held),
        "verdict": held.verdict.as_json(),
        "restore": {
            "noted": evidence.noted and asdict(evidence.noted),
            "noticed_at": evidence.noticed_at,
            "served_from": evidence.served_from,
            "came_with": evidence.came
            and {"users": len(evidence.came.current), "rows": len(evidence.came.rows)},
            "replayed": evidence.replayed and asdict(evidence.replayed),
            "validated": [asdict(found) for found in evidence.validated],
            "bad_versions": len(evidence.bad_versions),
        },
        "steps": [_step(taken) for taken in held.steps],
        "restored_by": held.judged.restored_by,
        "timeline": _timeline(held),
        "not_covered": [*held.scenario.not_covered, *held.limits],
        "torn_line": held.judged.torn_line,
        "files": held.files,
        "command": held.command,
    }
    values: Mapping[str, Any] = msgspec.json.decode(encoded(record))
    return values


def _about(held: Held) -> Mapping[str, Any]:
    """Return what the head of the page says."""
    return {
        "scenario": held.scenario.name,
        "hypothesis": held.scenario.hypothesis,
        "met": held.met,
        "summary": held.sentence,
        "place": held.place,
        "deployment": held.deployment,
        "versions": held.versions,
        "started_at": figures.instant(held.started_at),
        "ended_at": figures.instant(held.ended_at),
        "duration_s": held.ended_at - held.started_at,
    }


def _step(taken: Taken[Step]) -> Mapping[str, Any]:
    step, ended = taken.step, taken.ended
    return {
        "number": taken.number + 1,
        "do": step.do,
        "why": step.why,
        "who": step.who,
        "role": step.role,
        "began_at": taken.began and taken.began.at,
        "ended_at": ended and ended.at,
        "done": ended and ended.done,
        "seen": ended.note if ended else "",
    }


def _timeline(held: Held) -> Mapping[str, Any]:
    axis = Axis.of(held)
    found = buckets(held.evidence.attempts, start=axis.start, width=axis.bucket_s)
    return {
        "replication": [asdict(event) for event in held.evidence.timeline.of(LagSampled)],
        "bucket_s": axis.bucket_s,
        "requests": [{**asdict(bucket), "success_rate": bucket.success_rate} for bucket in found],
    }
