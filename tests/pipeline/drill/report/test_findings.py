"""Findings are sorted for the page, and none is lost on the way."""

from __future__ import annotations

from pipeline.drill.finding import Finding, Invariant, Severity
from pipeline.drill.report.findings import ELSEWHERE, MEANINGS, forks, groups
from tests.pipeline.drill.made import HERE, tabled, version, version_id
from tests.pipeline.drill.report.course import Course


def finding(invariant: Invariant, *evidence: str, severity: Severity = Severity.VIOLATION) -> Finding:
    return Finding(invariant=invariant, sentence=f"{invariant}.", evidence=evidence, severity=severity)


def test_every_invariant_has_a_table_or_a_meaning() -> None:
    assert {*MEANINGS, *ELSEWHERE} == set(Invariant)


def test_notes_and_violations_of_one_invariant_are_two_groups() -> None:
    found = [
        finding(Invariant.PHANTOM, severity=severity) for severity in (Severity.NOTE, Severity.VIOLATION)
    ]
    drilled = Course(findings=[*found, *map(finding, ELSEWHERE)]).drilled()
    assert [(group.invariant, group.violated) for group in groups(drilled.verdict)] == [
        (Invariant.PHANTOM, True),
        (Invariant.PHANTOM, False),
    ]


def test_a_fork_names_only_versions_that_are_there() -> None:
    rows = tabled(version(1))
    found = finding(Invariant.FORK, "ada", version_id(1), version_id(9))
    drilled = Course(findings=[found], primary=rows).drilled()
    (fork,) = forks(drilled.verdict, drilled.evidence).rows
    assert [(one.version_id, one.region) for one in fork.versions] == [(version_id(1), HERE)]
