"""A verdict says in one line, and as data, what a drill showed."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pipeline.drill.attempt import Attempt, ClientKind, Operation
from pipeline.drill.evidence import Evidence
from pipeline.drill.facts import Objectives, Sustained
from pipeline.drill.finding import Invariant
from pipeline.drill.timeline import CallMade, Event, Timeline
from pipeline.drill.verdict import Verdict, judge
from tests.pipeline.drill.made import ADA, HERE, THERE, Rows, T, attempt, facts, stored, tabled, version

AIMS = Objectives(rto_s={ClientKind.OBEYS_TTL: 120.0})


def changed_record(at: float) -> CallMade:
    return CallMade(at=at, service="route53", action="ChangeResourceRecordSets")


def seen(recovered_after: float = 74.0) -> list[Attempt]:
    """Attempts of a drill: one creation, then nothing, then writes for a while."""
    creation = attempt(Operation.CREATE, T - 5, fields=ADA, stored=(stored(1),), key="k")
    silence = [attempt(at=T + second, status=None, took=1) for second in range(0, int(recovered_after), 5)]
    served = [attempt(Operation.UPDATE, T + recovered_after + n, took=0.0, region=THERE) for n in range(5)]
    return [creation, *silence, *served]


def verdict(
    attempts: Sequence[Attempt],
    here: Rows,
    there: Rows | None = None,
    events: Sequence[Event] = (),
    *,
    aims: Objectives = AIMS,
) -> Verdict:
    return judge(
        Evidence(
            facts=facts(objectives=aims, sustained=Sustained(successes=3, seconds=2), healed_at=T + 200),
            attempts=attempts,
            primary=tabled(here),
            secondary=tabled(here if there is None else there, region=THERE),
            timeline=Timeline(events, attempts),
        )
    )


def test_a_drill_that_went_well_is_told_in_one_line() -> None:
    found = verdict(seen(), version(1))
    assert found.met
    assert str(found) == "RTO (obeys-ttl) 74 s ≤ 120 s, 0 of 1 acknowledged writes missing"


def test_what_went_wrong_is_in_the_line() -> None:
    found = verdict(seen(130.0), {}, {})
    assert not found.met
    assert str(found) == (
        "RTO (obeys-ttl) 130 s > 120 s, RPO 5 s > 0 s, Missing without excuse 1 writes > 0 writes, "
        "1 of 1 acknowledged writes missing, violations: 1 lost-write"
    )


def test_an_objective_that_is_missed_fails_a_drill_without_violations() -> None:
    found = verdict(seen(130.0), version(1))
    assert (found.met, found.violations) == (False, [])


def test_a_violation_fails_a_drill_that_met_its_objectives() -> None:
    found = verdict(seen(), version(1), {**version(1), **version(1, user_id="bob")})
    assert all(aim.met for aim in found.objectives)
    assert not found.met


def test_calls_count_until_the_last_client_is_served() -> None:
    early = verdict(seen(), version(1), events=[changed_record(T + 73)])
    late = verdict(seen(), version(1), events=[changed_record(T + 75)])
    assert [finding.invariant for finding in early.violations] == [Invariant.CONTROL_PLANE]
    assert late.met


def test_without_a_recovery_calls_count_until_the_heal() -> None:
    attempts = [attempt(at=T + 1, status=None)]
    calls = [changed_record(T + 199), changed_record(T + 201)]
    assert len(verdict(attempts, {}, events=calls).violations) == 1


def test_where_no_recovery_is_aimed_at_calls_count_until_the_end() -> None:
    calls = [changed_record(T + 75), changed_record(T + 201)]
    assert len(verdict(seen(), version(1), events=calls, aims=Objectives()).violations) == 1


def test_where_one_region_at_a_time_may_write_a_late_write_fails_the_drill() -> None:
    late = [*seen(), attempt(Operation.UPDATE, T + 90, region=HERE)]
    found = judge(
        Evidence(
            facts=facts(objectives=Objectives(), one_writer_from=T - 10),
            attempts=late,
            primary=tabled(version(1)),
            secondary=tabled(version(1), region=THERE),
            timeline=Timeline(late),
        )
    )
    assert {finding.invariant for finding in found.violations} == {Invariant.TWO_WRITERS}
    assert not found.met


def test_a_drill_without_anything_is_not_met() -> None:
    found = verdict([], {})
    assert not found.met
    assert str(found) == "RTO (obeys-ttl) not reached, limit 120 s, 0 of 0 acknowledged writes missing"


def test_it_is_json() -> None:
    told = json.loads(json.dumps(verdict(seen(130.0), {}, {}).as_json()))
    assert (told["scenario"], told["met"]) == ("region-outage", False)
    assert told["summary"].startswith("RTO (obeys-ttl) 130 s > 120 s")
    assert told["objectives"][0] == {
        "name": "RTO (obeys-ttl)",
        "measured": 130.0,
        "limit": 120.0,
        "unit": "s",
        "met": False,
    }
    assert told["violations"][0]["invariant"] == "lost-write"
    assert told["durability"]["lost"][0]["regions"] == [HERE, THERE]
    assert told["recoveries"][0]["kind"] == "obeys-ttl"
