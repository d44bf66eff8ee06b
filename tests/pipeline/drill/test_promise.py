"""Clients are owed what they were told, once."""

from __future__ import annotations

from pipeline.drill.attempt import Operation
from pipeline.drill.promise import promises
from tests.pipeline.drill.made import ADA, T, attempt, stored


def test_each_user_of_an_answer_is_a_promise() -> None:
    both = (stored(1), stored(1, user_id="grace", email="grace@drill.example"))
    found = promises([attempt(Operation.BATCH, status=207, stored=both, write="w")])
    assert [(one.write_id, one.at) for one in found.versions] == [
        ("w/ada", stored(1).at),
        ("w/grace", stored(1).at),
    ]
    assert found.count == 2


def test_a_repeat_that_is_answered_as_the_first_time_promises_nothing_more() -> None:
    again = attempt(Operation.CREATE, T + 1, stored=(stored(1),), key="k")
    first = attempt(Operation.CREATE, T, stored=(stored(1),), key="k")
    assert [one.attempt for one in promises([again, first]).versions] == [first]


def test_what_was_not_acknowledged_and_what_was_read_is_no_promise() -> None:
    attempts = [
        attempt(Operation.CREATE, status=None, fields=ADA),
        attempt(Operation.UPDATE, status=412, user_id="ada"),
        attempt(Operation.READ, stored=(stored(1),)),
    ]
    assert promises(attempts).count == 0


def test_deletions_are_promised_and_those_without_an_answer_are_possible() -> None:
    done = attempt(Operation.DELETE, T, user_id="ada")
    maybe = attempt(Operation.DELETE, T + 1, status=None, user_id="ada")
    refused = attempt(Operation.DELETE, T + 2, status=404, user_id="ada")
    found = promises([refused, maybe, done])
    assert [one.attempt for one in found.deletions["ada"]] == [done]
    assert found.possible_deletions == {"ada": [done, maybe]}
    assert found.count == 1
