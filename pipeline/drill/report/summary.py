"""Several drills at a glance, for a terminal and as a page that leads to each report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote

from rich.table import Table
from rich.text import Text

from pipeline.drill.finding import Invariant
from pipeline.drill.report import figures
from pipeline.drill.report.drilled import Drilled
from pipeline.drill.report.template import ENVIRONMENT

COLUMNS = ("Recovered", "Missing", "Acknowledged", "Forks", "Took")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One drill of several.

    `met` is None where it could not run, `report` its page's path beside the index, and `figures` the
    columns of the table as they are shown.
    """

    scenario: str
    met: bool | None
    sentence: str
    started_at: float | None = None
    figures: Sequence[str] = (figures.NONE,) * len(COLUMNS)
    report: str = ""

    @classmethod
    def of(cls, drilled: Drilled, *, report: str = "") -> Self:
        """Sum up a drill that was judged."""
        verdict = drilled.verdict
        spans = [recovery.rto_s for recovery in verdict.recoveries]
        slowest = "never" if None in spans else figures.seconds(max(filter(None, spans), default=0.0))
        forked = sum(finding.invariant is Invariant.FORK for finding in verdict.findings)
        return cls(
            scenario=drilled.scenario.name,
            met=drilled.met,
            sentence=drilled.sentence,
            started_at=drilled.started_at,
            figures=(
                slowest if spans else figures.NONE,
                figures.count(len(verdict.durability.lost)),
                figures.count(verdict.durability.acknowledged),
                figures.count(forked),
                figures.seconds(drilled.ended_at - drilled.started_at),
            ),
            report=report,
        )

    @classmethod
    def could_not_run(cls, scenario: str, why: str) -> Self:
        """Tell of a drill that has no verdict."""
        return cls(scenario=scenario, met=None, sentence=why)

    @property
    def word(self) -> str:
        """The outcome in a word."""
        return {True: "met", False: "missed", None: "could not run"}[self.met]

    @property
    def link(self) -> str:
        """The report's path as a relative reference, which cannot be taken for a scheme (RFC 3986, 4.2)."""
        return f"./{quote(self.report)}" if self.report else ""


def summary(entries: Sequence[Entry]) -> Table:
    """Return the drills as a table for a terminal."""
    table = Table(title="Failover drills", title_justify="left", box=None, pad_edge=False)
    table.add_column("Scenario", no_wrap=True)
    table.add_column("Verdict", no_wrap=True)
    for column in COLUMNS:
        table.add_column(column, justify="right", no_wrap=True)
    for entry in entries:
        style = "green" if entry.met else "red"
        table.add_row(Text(entry.scenario), Text(entry.word, style=style), *map(Text, entry.figures))
    return table


def index(entries: Sequence[Entry]) -> str:
    """Return the drills as an HTML page that leads to each report."""
    return ENVIRONMENT.get_template("summary.html.jinja").render(
        entries=entries, columns=COLUMNS, met=sum(entry.met is True for entry in entries)
    )
