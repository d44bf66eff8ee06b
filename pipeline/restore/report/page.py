"""One restore as a page that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader

from pipeline.drill.report import figures
from pipeline.drill.report.findings import MEANINGS, forks, groups
from pipeline.drill.report.printable import Bounded
from pipeline.drill.report.template import ENVIRONMENT
from pipeline.restore.invariant import MEANINGS as REPAIRED
from pipeline.restore.report.held import Held
from pipeline.restore.report.timeline import lanes

_TEMPLATES = ENVIRONMENT.overlay(
    loader=ChoiceLoader([FileSystemLoader(Path(__file__).parent), *filter(None, [ENVIRONMENT.loader])])
)


def render(held: Held) -> str:
    """Return the report as one HTML page with its styles and images in it, like that of a failover drill.

    It has no script and names nothing to load, and its content security policy forbids both. Of each list
    the first 200 rows are on it; `record.as_json` has all.
    """
    verdict, evidence = held.verdict, held.judged.evidence
    return _TEMPLATES.get_template("restore.html.jinja").render(
        drill=held,
        verdict=verdict,
        restore=evidence,
        facts=evidence.drill.facts,
        tiles=_tiles(held),
        lanes=lanes(held),
        lost=Bounded.of(verdict.durability.lost),
        held=Bounded.of(verdict.held),
        forks=forks(verdict, evidence.drill),
        groups=groups(verdict, {**MEANINGS, **REPAIRED}),
    )


def _tiles(held: Held) -> Mapping[str, Any]:
    """Return the figures that a reader looks for first, by their names."""
    verdict, replayed = held.verdict, held.judged.evidence.replayed
    spans = {aim.name: aim.measured for aim in verdict.objectives}
    tiles = {
        "Damaged users": figures.count(verdict.repair.damaged),
        "Repaired": figures.count(verdict.repair.repaired),
        "Damaged still": figures.count(verdict.repair.left),
        "Acknowledged writes": figures.count(verdict.durability.acknowledged),
        "Missing writes": figures.count(len(verdict.durability.lost)),
        "Longest held write": figures.seconds(verdict.held[0].seconds if verdict.held else 0.0),
    }
    if "RTO" in spans:
        whole = "Until all were served again" if held.judged.evidence.noted else "Until the user was put back"
        tiles[whole] = figures.seconds(spans["RTO"])
    if "RPO" in spans:
        tiles["Oldest write that it came without, before the damage"] = figures.seconds(spans["RPO"])
        tiles["Versions replayed"] = figures.count(replayed.replayed) if replayed else figures.NONE
    return tiles
