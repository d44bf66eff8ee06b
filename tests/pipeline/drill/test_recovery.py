"""Recovery is counted from the fault to the first success that lasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pipeline.drill.attempt import Attempt, ClientKind, Operation
from pipeline.drill.facts import Sustained
from pipeline.drill.recovery import Recovery, recovered_at, recoveries
from pipeline.drill.timeline import AnswerChanged, HealthChanged, Timeline
from tests.pipeline.drill.made import HERE, THERE, T, attempt, facts

RULE = Sustained(successes=3, seconds=2.0)
NO_EVENTS = Timeline()


def sent(*results: str, at: float = T, every: float = 1.0) -> list[Attempt]:
    """Return attempts to write at one second's distance: `+` succeeds, `-` times out, `4` is judged.

    `r` is a read that succeeds.
    """
    statuses = {"+": 200, "r": 200, "-": None, "4": 404}
    return [
        attempt(
            Operation.READ if result == "r" else Operation.UPDATE,
            at=at + number * every,
            status=statuses[result],
            took=0.1,
        )
        for number, result in enumerate("".join(results))
    ]


def by(client: str, attempts: Sequence[Attempt]) -> list[Attempt]:
    return [replace(each, asked=replace(each.asked, client=client)) for each in attempts]


def only(attempts: Sequence[Attempt], timeline: Timeline = NO_EVENTS) -> Recovery:
    (found,) = recoveries(attempts, timeline, facts(sustained=RULE))
    return found


@pytest.mark.parametrize(
    ("results", "rto_s"),
    [
        ("---++++", 3.1),
        ("--+--++++", 5.1),  # one success is not a recovery
        ("--++--++++", 6.1),  # nor are two
        ("-+4+4+", 1.1),  # a judged request neither counts nor breaks
        ("-44444", None),  # and is no success
        ("------", None),
        ("---++", None),  # the drill ended before it had lasted
        ("++++", 0.0),
        ("4444", None),
        ("-rrr+", 1.1),
        ("-rrrr", None),  # reads alone are no recovery
        ("-r4r4r4", None),  # above all where every write is turned away
        ("rrrr", None),
    ],
)
def test_recovery_begins_with_the_first_success_of_a_run_that_lasts(
    results: str, rto_s: float | None
) -> None:
    assert only(sent(results)).rto_s == (None if rto_s is None else pytest.approx(rto_s, abs=1e-5))


def test_many_successes_in_no_time_do_not_last() -> None:
    assert only([*sent("-"), *sent("++++++", at=T + 1, every=0.1)]).rto_s is None


def test_a_request_that_hung_since_before_the_recovery_does_not_break_it() -> None:
    hung = attempt(at=T + 2.5, status=None, took=5)
    assert only([*sent("---++++"), hung]).rto_s == pytest.approx(3.1, abs=1e-5)


def test_a_request_under_way_at_the_fault_suffers_from_it() -> None:
    found = only([attempt(at=T - 1, status=None, took=3), *sent("++++")])
    assert found.failures == 1
    assert found.rto_s == pytest.approx(0.1, abs=1e-5)


def test_failures_before_the_fault_are_not_of_it() -> None:
    found = only([*sent("--", at=T - 9), *sent("++++")])
    assert (found.failures, found.rto_s) == (0, 0.0)


def test_a_kind_that_sent_nothing_after_the_fault_is_not_known_to_be_served() -> None:
    assert only(sent("++", at=T - 9)).rto_s is None


def test_a_client_that_waits_is_not_served_because_another_one_is() -> None:
    waiting = [attempt(at=T + 0.5, status=None, took=4), *sent("++++", at=T + 4.5)]
    found = only([*by("one", sent("-++++++++")), *by("other", waiting)])
    assert found.rto_s == pytest.approx(4.6, abs=1e-5)


def test_a_client_that_is_never_served_again_leaves_its_kind_without_a_recovery() -> None:
    waiting = attempt(at=T + 0.5, status=None, took=9)
    assert only([*by("one", sent("-++++++++")), *by("other", [waiting])]).rto_s is None


def test_each_kind_recovers_alone() -> None:
    slow = [attempt(at=T + n, status=None, kind=ClientKind.CACHES_DNS) for n in range(4)]
    found = recoveries([*sent("-++++"), *slow], NO_EVENTS, facts(sustained=RULE))
    assert {recovery.kind: recovery.rto_s is None for recovery in found} == {
        ClientKind.CACHES_DNS: True,
        ClientKind.OBEYS_TTL: False,
    }
    assert recovered_at(found, facts()) is None
    assert recovered_at(found[1:], facts()) == pytest.approx(T + 1.1, abs=1e-5)
    assert recovered_at([], facts()) is None


def test_its_parts_are_detection_dns_and_the_client() -> None:
    timeline = Timeline(
        [
            HealthChanged(at=T - 50, region=HERE, healthy=False),
            HealthChanged(at=T + 1, region=THERE, healthy=False),
            HealthChanged(at=T + 1.5, region=HERE, healthy=False),
            AnswerChanged(at=T + 1.2, region=THERE),
            AnswerChanged(at=T + 2.0, region=THERE),
            AnswerChanged(at=T + 9.0, region=HERE),
        ]
    )
    found = only(sent("---++++"), timeline)
    parts = [found.detection_s, found.dns_s, found.client_s]
    assert parts == pytest.approx([1.5, 0.5, 1.1], abs=1e-5)
    assert found.rto_s == pytest.approx(sum(part or 0 for part in parts), abs=1e-5)


def test_a_part_that_came_after_the_recovery_is_none_of_it() -> None:
    timeline = Timeline(
        [HealthChanged(at=T + 1, region=HERE, healthy=False), AnswerChanged(at=T + 6, region=THERE)]
    )
    found = only(sent("---++++"), timeline)
    assert found.detection_s == pytest.approx(1, abs=1e-5)
    assert (found.dns_s, found.client_s) == (None, None)


def test_at_a_faster_time_a_run_need_not_last_as_long() -> None:
    assert Sustained(successes=5, seconds=10).at_scale(10) == Sustained(successes=5, seconds=1)
