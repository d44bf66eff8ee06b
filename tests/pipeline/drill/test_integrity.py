"""The rows of one Region tell one story."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import pytest

from pipeline.drill.finding import Invariant
from pipeline.drill.integrity import integrity
from tests.pipeline.drill.made import (
    THERE,
    Rows,
    at,
    claim,
    history,
    tabled,
    version,
    version_id,
    without,
)

FORK = history(version(2, region=THERE, supersedes=version_id(1), when=at(3)))
TOMBSTONE = version(3, change="deleted")
CHANGED = {key: item for key, item in version(2, profile={"age": 40}).items() if key.sort == "CURRENT"}


def found(*rows: Rows, before: Sequence[Rows] = ()) -> list[StrEnum]:
    return [finding.invariant for finding in integrity(tabled(*rows), tabled(*before))]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [version(1)],
        [version(1), version(2)],
        [version(1), version(2), FORK],
        [TOMBSTONE],
        [TOMBSTONE, history(version(2))],  # what is left of a deleted user expires
        [TOMBSTONE, version(9, life=9)],
        [version(1, user_id="ada"), version(1, user_id="bob", profile={"email": "bob@drill.example"})],
    ],
)
def test_a_sound_table_has_no_findings(rows: Sequence[Rows]) -> None:
    assert found(*rows) == []


@pytest.mark.parametrize(
    "rows",
    [
        [without(version(1), "CLAIM")],
        [version(1), claim("ada@drill.example", "bob")],
        [claim("gone@drill.example", "bob")],
        [version(1), claim("former@drill.example", "ada")],
    ],
)
def test_users_and_claims_are_one_to_one(rows: Sequence[Rows]) -> None:
    assert set(found(*rows)) == {Invariant.CLAIMS}


def test_two_users_with_one_email_are_found_by_the_claim_that_one_lacks() -> None:
    assert found(version(1, user_id="ada"), version(1, user_id="bob")) == [Invariant.CLAIMS]


def test_a_user_that_is_there_after_its_deletion_was_resurrected() -> None:
    assert found(version(1), version(2), TOMBSTONE) == [Invariant.RESURRECTED]


@pytest.mark.parametrize(
    "rows", [[version(1), without(version(2), version_id(2))], [version(1), version(2), CHANGED]]
)
def test_the_current_version_is_recorded_as_it_is(rows: Sequence[Rows]) -> None:
    assert found(*rows) == [Invariant.RECORDED]


@pytest.mark.parametrize(
    "rows",
    [
        [version(1), version(3)],
        [version(2), version(3)],
        [version(1), version(2, change="created")],
        [version(1), version(2), version(4, supersedes=version_id(2))],
        [version(1, when=at(5)), version(2, supersedes=version_id(5))],
    ],
)
def test_a_version_that_does_not_follow_one_that_is_there_is_a_gap(rows: Sequence[Rows]) -> None:
    assert set(found(*rows)) == {Invariant.SEQUENCE}


def test_what_was_wrong_before_the_drill_is_not_held_against_it() -> None:
    orphan = claim("gone@drill.example", "bob")
    assert found(orphan, without(version(1), "CLAIM"), before=[orphan]) == [Invariant.CLAIMS]
