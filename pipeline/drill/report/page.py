"""One drill as a page that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.drill.finding import Invariant
from pipeline.drill.report import figures
from pipeline.drill.report.drilled import Drilled
from pipeline.drill.report.findings import forks, groups
from pipeline.drill.report.parts import recovery_parts
from pipeline.drill.report.printable import Bounded
from pipeline.drill.report.template import ENVIRONMENT
from pipeline.drill.report.timeline import lanes


def render(drilled: Drilled) -> str:
    """Return the report as one HTML page with its styles and images in it.

    It has no script and names nothing to load, and its content security policy forbids both. Of each list
    the first 200 rows are on it; `record.as_json` has all.
    """
    verdict, facts = drilled.verdict, drilled.evidence.facts
    return ENVIRONMENT.get_template("report.html.jinja").render(
        drilled=drilled,
        verdict=verdict,
        facts=facts,
        tiles=_tiles(drilled),
        lanes=lanes(drilled),
        parts=recovery_parts(verdict.recoveries, facts.objectives.rto_s),
        lost=Bounded.of(verdict.durability.lost),
        held=Bounded.of(verdict.held),
        forks=forks(verdict, drilled.evidence),
        groups=groups(verdict),
    )


def _tiles(drilled: Drilled) -> Mapping[str, Any]:
    """Return the figures that a reader looks for first, by their names."""
    verdict = drilled.verdict
    durable, recoveries = verdict.durability, verdict.recoveries
    slowest = max((recovery.rto_s or 0 for recovery in recoveries), default=None)
    never = any(recovery.rto_s is None for recovery in recoveries)
    forked = sum(finding.invariant is Invariant.FORK for finding in verdict.findings)
    return {
        "Longest time to recover": "never" if never else figures.seconds(slowest),
        "Acknowledged writes": figures.count(durable.acknowledged),
        "Missing writes": figures.count(len(durable.lost)),
        "Oldest lost before the fault": figures.seconds(durable.rpo_s),
        "Longest held write": figures.seconds(verdict.held[0].seconds if verdict.held else 0.0),
        "Forks": figures.count(forked),
    }
