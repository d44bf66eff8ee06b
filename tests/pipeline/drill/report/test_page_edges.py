"""A page can be made of whatever a drill left, and is not to be tricked by it."""

from __future__ import annotations

from dataclasses import replace

from pipeline.drill.attempt import Attempt, ClientKind
from pipeline.drill.diary import StepEnded
from pipeline.drill.durability import LostWrite
from pipeline.drill.facts import Facts
from pipeline.drill.report.drilled import Drilled
from pipeline.drill.report.page import render
from pipeline.drill.timeline import Timeline
from tests.pipeline.drill.made import HERE, T, attempt
from tests.pipeline.drill.report.course import Course
from tests.pipeline.drill.report.pages import Page, faults, images

EVIL = "<script>alert('x')</script>"


def with_attempts(drilled: Drilled, *attempts: Attempt) -> Drilled:
    evidence = replace(drilled.evidence, attempts=list(attempts), timeline=Timeline())
    verdict = Course().verdict(evidence)
    return replace(drilled, evidence=evidence, verdict=verdict)


def test_what_comes_from_outside_is_shown_and_never_run() -> None:
    stolen = LostWrite(
        write_id=EVIL, attempt_id=EVIL, acknowledged_at=T, regions=(EVIL,), within_window=False
    )
    evil = replace(
        Course(lost=[stolen]).drilled(),
        ended={0: StepEnded(at=T, step=0, done=False, note=f"{EVIL}\x00\ud800")},
        versions={HERE: EVIL},
        place=EVIL,
        command=f"make {EVIL}",
        files=(EVIL,),
        restored_by=EVIL,
    )
    facts: Facts = replace(evil.evidence.facts, primary=EVIL)
    evil = replace(evil, evidence=replace(evil.evidence, facts=facts))
    html = render(evil)
    assert not faults(html)
    assert EVIL in Page(html).text
    assert html.encode()
    assert "\N{REPLACEMENT CHARACTER}" * 2 in html


def test_a_drill_of_which_nothing_is_known_has_a_page(drilled: Drilled) -> None:
    empty = with_attempts(replace(drilled, began={}, ended={}, versions={}, files=()))
    html = render(empty)
    assert not faults(html)
    assert "No client sent anything." in html
    assert all(
        "NaN" not in str(value)
        for image in images(html)
        for one in image.iter()
        for value in one.attrib.values()
    )


def test_clients_of_a_kind_that_sent_nothing_have_empty_lanes(drilled: Drilled) -> None:
    html = render(with_attempts(drilled, attempt(at=T + 1), attempt(at=T + 2)))
    assert not faults(html)
    assert html.count("No requests.") == 2 * (len(ClientKind) - 1)


def test_clients_who_were_never_served_again_are_told_of(drilled: Drilled) -> None:
    failing = [attempt(at=T + second, status=None, took=3) for second in range(10)]
    html = render(with_attempts(drilled, *failing))
    assert not faults(html)
    text = Page(html).text
    assert "never Longest time to recover" in text or "Longest time to recover never" in text
    assert "obeys-ttl not recovered" in text


def test_a_drill_that_is_not_healed_or_killed_has_a_page(drilled: Drilled) -> None:
    facts = replace(drilled.evidence.facts, healed_at=None)
    html = render(replace(drilled, evidence=replace(drilled.evidence, facts=facts), torn_line=77))
    assert not faults(html)
    assert "Line 77 of the ledger was cut off" in html
