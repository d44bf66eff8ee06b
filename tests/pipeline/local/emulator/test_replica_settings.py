"""What a replica has of its own is noted, told to the other Region, and never taken back by it."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.local.emulator import replica_settings
from pipeline.local.emulator.replica_settings import DISMISSED, ENTRIES, REGIONS, STATES

HERE, THERE = "eu-west-1", "eu-central-1"


def entry(region: str, at: int, *, protected: bool = False, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"Region": region, "DeletionProtectionEnabled": protected, "_at": at, **more}


def definition(entries: object, *, protected: bool = False, pitr: object = False) -> dict[str, Any]:
    found = {"DeletionProtectionEnabled": protected, REGIONS: [THERE, HERE], ENTRIES: entries}
    return {"table": found, "pitr": pitr, "tags": None}


def test_what_is_as_noted_is_not_noted_again() -> None:
    entries = [entry(THERE, 1), entry(HERE, 2, protected=True, Tags=[])]
    given = definition(entries, protected=True)
    assert replica_settings.noted(given, HERE, 9) is entries


@pytest.mark.parametrize(
    "changed",
    [{"protected": True}, {"pitr": {"since": 1, "days": 35}}, {"pitr": {"since": 1, "days": 7}}],
    ids=str,
)
def test_what_changed_here_is_noted_with_its_time_and_the_other_entry_stays(changed: dict[str, Any]) -> None:
    other = entry(THERE, 1, protected=True)
    given = definition([entry(HERE, 2), other], **changed)
    noted = replica_settings.noted(given, HERE, 9)
    assert noted[0] == other
    assert (noted[1]["Region"], noted[1]["_at"]) == (HERE, 9)


def test_of_two_regions_that_change_their_own_at_once_neither_loses_its_change() -> None:
    mine, theirs = entry(HERE, 10, protected=True), entry(THERE, 11, protected=True)
    found = replica_settings.merged([entry(HERE, 5), theirs], [mine, entry(THERE, 5)])
    assert found == [theirs, mine]


def test_a_change_by_the_stack_is_later_than_what_was_there_and_a_region_that_left_is_gone() -> None:
    found = replica_settings.merged([entry(HERE, 20, protected=True)], [entry(HERE, 10), entry(THERE, 11)])
    assert found == [entry(HERE, 20, protected=True)]


def test_a_replica_that_goes_leaves_a_table_of_one_region_which_says_who_went() -> None:
    given = definition([entry(HERE, 1), entry(THERE, 1)])
    given["table"][STATES] = {THERE: "CREATING"}
    parted = replica_settings.parted(given, THERE)
    table = parted["table"]
    assert (table[REGIONS], table[STATES], table[ENTRIES], table[DISMISSED]) == ([], {}, [], [THERE])
    assert replica_settings.ends_sharing(parted)
    assert not replica_settings.is_shared(parted)
    assert replica_settings.is_shared(given)
    assert not replica_settings.ends_sharing(given)
