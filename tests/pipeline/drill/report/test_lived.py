"""A drill that was lived through and judged has a page and a record that agree."""

from __future__ import annotations

import json

import pytest

from pipeline.drill.report.drilled import Drilled
from pipeline.drill.report.page import render
from pipeline.drill.report.record import as_json, encoded
from pipeline.drill.report.summary import Entry
from pipeline.drill.scenarios import named
from pipeline.drill.verdict import judge
from tests.pipeline.drill.plan import END_AT, START, Kind, Plan
from tests.pipeline.drill.report.pages import Page, faults
from tests.pipeline.drill.world import World


def lived(kind: Kind) -> Drilled:
    evidence = World(Plan(kind=kind, lag_s=1.0)).run()
    return Drilled(
        scenario=named(kind),
        place="a simulation",
        deployment="local",
        time_scale=10,
        allowance_s=1,
        started_at=START,
        ended_at=END_AT,
        began={},
        ended={},
        evidence=evidence,
        verdict=judge(evidence),
        command=f"make drill SCENARIO={kind}",
    )


@pytest.mark.parametrize("kind", list(Kind))
def test_page_record_and_summary_say_the_same(kind: Kind) -> None:
    drilled = lived(kind)
    html, record = render(drilled), json.loads(encoded(as_json(drilled)))
    text = Page(html).text
    assert not faults(html)
    assert record["summary"] == drilled.sentence == Entry.of(drilled).sentence
    assert drilled.sentence in text
    lost = record["verdict"]["durability"]["lost"]
    assert bool(lost) is (kind is Kind.LOSS)
    assert all(write["write_id"] in text for write in lost)
    assert f"Lost: {len(lost)}" in text
