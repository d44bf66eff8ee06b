"""What a page lists is bounded, counted and complete."""

from __future__ import annotations

import time
from dataclasses import replace

from pipeline.drill.attempt import ClientKind
from pipeline.drill.durability import LostWrite
from pipeline.drill.finding import Finding, Invariant, Severity
from pipeline.drill.recovery import Recovery
from pipeline.drill.report.figures import MINUS
from pipeline.drill.report.page import render
from tests.pipeline.drill.made import HERE, THERE, T, history, tabled, version, version_id
from tests.pipeline.drill.report.course import Course
from tests.pipeline.drill.report.pages import Page


def lost(number: int, *, within: bool = False) -> LostWrite:
    return LostWrite(
        write_id=f"write-{number:05}",
        attempt_id=f"a{number}",
        acknowledged_at=T - 1 + number / 10_000,
        regions=(THERE,),
        within_window=within,
    )


def test_lost_writes_are_listed_up_to_a_bound_and_counted() -> None:
    page = render(Course(lost=[lost(number) for number in range(1_000)]).drilled())
    text = Page(page).text
    assert "Lost: 1,000" in text
    assert "The first 200 of 1,000; the JSON beside this page has all." in text
    assert f"write-00000 a0 {MINUS}1.0 s eu-central-1 no" in text
    assert "write-00199" in text
    assert "write-00200" not in text


def test_a_fork_is_shown_with_both_versions() -> None:
    rivals = (version_id(2), version_id(2, THERE))
    rows = tabled(
        version(1),
        history(version(2, profile={"name": "Ada of one"})),
        history(version(2, region=THERE, supersedes=version_id(1), profile={"name": "Ada of other"})),
    )
    fork = Finding(
        invariant=Invariant.FORK,
        sentence="The Regions wrote at once.",
        evidence=("ada", *rivals),
        severity=Severity.NOTE,
    )
    text = Page(render(Course(findings=[fork], primary=rows).drilled())).text
    assert "Forks: 1" in text
    assert f"{rivals[0]} {HERE} 2 updated" in text
    assert f"{rivals[1]} {THERE} 2 updated" in text
    assert "name: Ada of one" in text
    assert "name: Ada of other" in text


def test_other_findings_are_grouped_and_violations_come_first() -> None:
    findings = [
        Finding(invariant=Invariant.PHANTOM, sentence="A note.", evidence=("n",), severity=Severity.NOTE),
        *(
            Finding(invariant=Invariant.CLAIMS, sentence=f"Claim {number}.", evidence=("c",) * 30)
            for number in range(300)
        ),
    ]
    text = Page(render(Course(findings=findings).drilled())).text
    assert "Other findings: 301" in text
    assert text.index("claims, 300 ✕ violation") < text.index("phantom, 1 note")
    assert "Claim 199." in text
    assert "Claim 200." not in text
    assert "and 22 more" in text


def test_fifty_thousand_attempts_make_a_page_of_bounded_size_soon() -> None:
    drilled = Course(clients=48, pace_s=0.35).drilled()
    assert len(drilled.evidence.attempts) > 50_000
    findings = [
        Finding(invariant=invariant, sentence="What was found." * 5, evidence=("x" * 40,) * 100)
        for invariant in Invariant
        for _ in range(500)
    ]
    verdict = replace(
        drilled.verdict,
        findings=findings,
        recoveries=[Recovery(kind=kind, rto_s=None, failures=9) for kind in ClientKind],
    )
    began = time.process_time()
    html = render(replace(drilled, verdict=verdict))
    assert time.process_time() - began < 2
    assert len(html.encode()) < 2_000_000
