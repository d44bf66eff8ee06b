"""Several drills at a glance, each with a way to its report."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from pipeline.drill.attempt import ClientKind
from pipeline.drill.report.figures import NONE
from pipeline.drill.report.summary import Entry, index, summary
from tests.pipeline.drill.report.course import Course
from tests.pipeline.drill.report.pages import Page, faults

EVIL = "<script>alert(1)</script>[red]"


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return [
        Entry.of(Course().drilled(), report="region-outage/report.html"),
        Entry.of(Course(rto_s={ClientKind.OBEYS_TTL: 1}).drilled(), report="javascript:x"),
        Entry.could_not_run("flapping", EVIL),
    ]


def printed(entries: list[Entry]) -> str:
    console = Console(file=io.StringIO(), width=120)
    console.print(summary(entries))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_table_has_a_line_for_each_drill(entries: list[Entry]) -> None:
    lines = [line.split() for line in printed(entries).splitlines()]
    assert ["region-outage", "met", "196.7", "s", "0", "1,994", "0", "260.0", "s"] in lines
    assert any(line[:2] == ["region-outage", "missed"] for line in lines)
    assert ["flapping", "could", "not", "run", *[NONE] * 5] in lines


def test_a_name_is_not_taken_for_markup() -> None:
    assert "[red]x" in printed([Entry.could_not_run("[red]x", "")])


def test_the_index_leads_to_each_report(entries: list[Entry]) -> None:
    html = index(entries)
    assert not faults(html)
    page = Page(html)
    links = [values["href"] for tag, values in page.tags if tag == "a"]
    assert links == ["./region-outage/report.html", "./javascript%3Ax"]
    assert "1 of 3 met" in page.text
    assert "✓ met" in page.text
    assert "✕ missed" in page.text
    assert "✕ could not run" in page.text
    assert EVIL in page.text
    assert entries[1].sentence in page.text


def test_clients_who_were_never_served_again_are_told_of() -> None:
    drilled = Course(ends_at=1_900_000_030).drilled()
    assert Entry.of(drilled).figures[0] == "never"


def test_no_drills_have_an_index() -> None:
    assert not faults(index([]))
    assert "0 of 0 met" in index([])
