"""The measures of delivery as a person reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.measures.execution import Execution
from pipeline.measures.measures import DAY, Measures, measures

WINDOW_DAYS = 30
NOTHING = "–"  # noqa: RUF001 - the dash that a table has where there is nothing
# Below how many seconds a duration is told in the unit of so many seconds.
UNITS = ((90, 1, "s"), (90 * 60, 60, "min"), (36 * 3600, 3600, "h"))


@dataclass(frozen=True, kw_only=True)
class Row:
    """One stage, with its measures as text, and as numbers for JSON."""

    stage: str
    deployments: str
    lead: str
    change_failures: str
    restore: str
    measures: Measures


HEADINGS = Row(
    stage="stage",
    deployments="deployments",
    lead="lead time",
    change_failures="change failures",
    restore="time to restore",
    measures=Measures(deployments_per_day=None, lead=None, change_failure_rate=None, restore=None),
)


def table(executions: Sequence[Execution], *, stages: Sequence[str], now: float) -> Sequence[Row]:
    """Return a row for each stage, over the last WINDOW_DAYS before `now` (epoch seconds)."""
    since = now - WINDOW_DAYS * DAY
    return [_row(stage, measures(executions, stage=stage, since=since, until=now)) for stage in stages]


def lines(rows: Sequence[Row]) -> Sequence[str]:
    """Return the lines of a table, its headings first, in columns as wide as they must be."""
    cells = [(r.stage, r.deployments, r.lead, r.change_failures, r.restore) for r in (HEADINGS, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]


def _row(stage: str, measured: Measures) -> Row:
    frequency, rate = measured.deployments_per_day, measured.change_failure_rate
    return Row(
        stage=stage,
        deployments=NOTHING if frequency is None else f"{frequency:.2g} a day",
        lead=_duration(measured.lead),
        change_failures=NOTHING if rate is None else f"{rate:.0%}",
        restore=_duration(measured.restore),
        measures=measured,
    )


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return NOTHING
    for below, unit, name in UNITS:
        if seconds < below:
            return f"{seconds / unit:.0f} {name}"
    return f"{seconds / DAY:.1f} d"
