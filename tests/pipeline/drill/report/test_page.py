"""The page says all of a drill, and needs nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.drill.attempt import ClientKind
from pipeline.drill.report.drilled import UNDIVIDED, Drilled
from pipeline.drill.report.figures import MINUS, NONE
from pipeline.drill.report.page import render
from tests.pipeline.drill.report.course import Course
from tests.pipeline.drill.report.pages import Page, faults

EVIL = "<script>alert('x')</script>"


def test_a_page_is_well_formed_and_refers_to_nothing(html: str) -> None:
    assert not faults(html)
    assert "default-src 'none'" in html


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ('<img src="https://cdn.example/x.png">', "<img> refers to https://cdn.example/x.png"),
        ('<link rel="stylesheet" href="//fonts.example/x.css">', "<link> refers to //fonts.example/x.css"),
        ("<style>@import 'x.css';</style>", "a style loads: @import"),
        ("<style>p { background: url(x.png) }</style>", "a style loads: url("),
        (EVIL, "there is a script"),
        ('<p onclick="x()">a</p>', "<p> has a script in onclick"),
        ("<div>", "</main> closes what is not open"),
        ('<p id="verdict">a</p>', "the id verdict is there twice"),
        ("<svg role='img'><g/></svg>", "an image says nothing to a screen reader"),
        ("<svg><g x=1></g></svg>", "an image is not well-formed"),
    ],
)
def test_the_checker_finds_what_is_wrong_with_a_page(html: str, planted: str, fault: str) -> None:
    found = faults(html.replace("</main>", f"{planted}</main>"))
    assert any(one.startswith(fault) for one in found), found


def test_the_head_says_what_was_drilled_where_when_and_how_it_went(html: str, drilled: Drilled) -> None:
    text = Page(html).text
    for said in (
        "region-outage",
        drilled.scenario.hypothesis,
        "✓ Met",
        str(drilled.verdict),
        "2030-03-17T17:46:20.000Z",
        "260.0 s",
        "this machine, deployment local",
        "10: every interval and every TTL was divided by it",
        "3f2a9c1",
    ):
        assert said in text


def test_a_missed_drill_says_so_in_a_word() -> None:
    missed = replace(Course(rto_s={ClientKind.OBEYS_TTL: 20}).drilled(), time_scale=1)
    text = Page(render(missed)).text
    assert "✕ Missed RTO (obeys-ttl) 66.6 s > 20 s" in text
    assert "RTO (obeys-ttl) 66.6 s ≤ 20 s ✕ missed" in text
    assert "1: real time" in text
    assert "What the time scale did not divide" not in text


def test_every_kind_of_client_has_its_recovery_with_its_parts(html: str, drilled: Drilled) -> None:
    text = Page(html).text
    assert len(drilled.verdict.recoveries) == len(ClientKind)
    assert "obeys-ttl 66.6 s 31.4 s 700 ms 34.5 s 35" in text


def test_each_lane_is_there_once(html: str) -> None:
    lanes = [
        values["id"] for tag, values in Page(html).tags if tag == "figure" and "lane-" in values.get("id", "")
    ]
    assert lanes == [
        "lane-steps",
        "lane-health",
        "lane-dns",
        *(f"lane-success-{kind}" for kind in ClientKind),
        *(f"lane-latency-{kind}" for kind in ClientKind),
        "lane-lag",
    ]


def test_it_tells_what_was_not_tested_and_what_runs_it_again(html: str, drilled: Drilled) -> None:
    text = Page(html).text
    for said in (
        *drilled.scenario.not_tested,
        *drilled.limits,
        *UNDIVIDED,
        "15 s were added to each limit",
        "make drill SCENARIO=region-outage TIME_SCALE=10",
        "ledger.jsonl , diary.jsonl , report.json .",
        "put right by the drill",
    ):
        assert said in text


def test_the_steps_tell_when_each_began_and_ended_and_which_was_late() -> None:
    drilled = Course(late=(3, "not all are served by secondary after 55 s")).drilled()
    began = {number: begin for number, begin in drilled.began.items() if number < 5}
    ended = {number: end for number, end in drilled.ended.items() if number < 4}
    text = Page(render(replace(drilled, began=began, ended=ended))).text
    assert f"2 carry-on Clients work while all is well. {MINUS}19.0 s +0.0 s in time" in text
    assert "+0.3 s +206.0 s ✕ not in time not all are served by secondary after 55 s" in text
    assert f"+206.0 s {NONE} did not end" in text
    assert f"{NONE} {NONE} did not begin" in text
    assert "✕ Missed" in text
    assert "not in time: step 4" in text
    assert "1 not in time ≤ 0 not in time ✕ missed" in text
