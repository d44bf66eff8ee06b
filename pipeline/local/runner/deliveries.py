"""What became of the pushes to this machine: the last executions, and the measures of delivery."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from pipeline.delivery import LOCAL_PIPELINE
from pipeline.local.layout import Layout
from pipeline.local.runner.history import History
from pipeline.local.runner.record import Record
from pipeline.measures import record as recorded
from pipeline.measures import table as measured
from pipeline.measures.table import WINDOW_DAYS, Row

SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Deliveries:
    """The last executions, a line each, and a row of measures for each stage that deploys."""

    last: Sequence[str]
    rows: Sequence[Row]


def read(layout: Layout) -> Deliveries:
    """Return what the records of a platform say; an unreadable one counts for nothing."""
    records = History(layout.state / "pipeline" / "executions").records()
    executions = recorded.executions([msgspec.to_builtins(each) for each in records])
    stages = [name.title() for name in LOCAL_PIPELINE.names]
    rows = measured.table(executions, stages=stages, now=time.time())
    return Deliveries(last=[line(record) for record in records[-SHOWN:]], rows=rows)


def lines(found: Deliveries) -> Sequence[str]:
    """Return the lines for a terminal; none before the first execution."""
    if not found.last:
        return []
    table = [f"  {each}" for each in measured.lines(found.rows)]
    return ["pushes:", *(f"  {each}" for each in found.last), f"delivery in {WINDOW_DAYS} days:", *table]


def line(record: Record) -> str:
    """Say in a line what became of an execution."""
    at = datetime.fromtimestamp(record.pushed_at).astimezone()
    why = f": {record.cause.splitlines()[0]}" if record.cause else ""
    where = f" waits for {record.waiting[1]}" if record.waiting else why
    return f"{at:%Y-%m-%d %H:%M:%S} {record.commit[:7]} {record.subject[:50]} – {record.status}{where}"  # noqa: RUF001
