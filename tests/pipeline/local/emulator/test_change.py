"""A change is the same on disk, on the way to a peer and in memory; what is not one is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.local.emulator.change import Change, Key, Stamp, decode, encode

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)
keys = st.builds(Key, st.text(), st.text(), st.text())
stamps = st.builds(Stamp, st.integers(0), st.text())
items = st.none() | st.dictionaries(st.text(), st.dictionaries(st.sampled_from("SNB"), st.text()))
changes = st.builds(Change, keys, items, stamps, st.text())


@given(changes)
def test_a_change_comes_back_from_json_as_it_was(change: Change) -> None:
    assert decode(json.loads(json.dumps(encode(change)))) == change


@given(json_values)
def test_any_json_is_a_change_or_refused(values: object) -> None:
    try:
        assert encode(decode(values)) == values
    except ValueError as error:
        assert str(error).startswith("not a change: ")


@pytest.mark.parametrize(
    "values",
    [
        [],
        ["key", None, [1, "eu-west-1"], "origin"],
        [["table"], None, [1, "eu-west-1"], "origin"],
        [["table", "id", 7], None, [1, "eu-west-1"], "origin"],
        [["table", "id", "sort"], "item", [1, "eu-west-1"], "origin"],
        [["table", "id", "sort"], None, {"at": 1}, "origin"],
        [["table", "id", "sort"], None, ["soon", "eu-west-1"], "origin"],
        [["table", "id", "sort"], None, [float("inf"), "eu-west-1"], "origin"],
        [["table", "id", "sort"], None, [1, "eu-west-1"], None],
        [["table", "id", "sort"], None, [1, "eu-west-1"], "origin", "more"],
    ],
    ids=repr,
)
def test_values_that_are_not_a_change_are_refused(values: object) -> None:
    with pytest.raises(ValueError, match="not a change"):
        decode(values)


def test_a_long_value_is_cut_in_the_message() -> None:
    with pytest.raises(ValueError, match=r"not a change: .{80}$"):
        decode(["x" * 1_000])


@pytest.mark.parametrize(
    ("earlier", "later"),
    [(Stamp(1, "z"), Stamp(2, "a")), (Stamp(1, "eu-central-1"), Stamp(1, "eu-west-1"))],
)
def test_the_later_stamp_is_larger_and_regions_break_a_tie(earlier: Stamp, later: Stamp) -> None:
    assert earlier < later


def test_a_key_without_row_names_the_table() -> None:
    assert (Key("000000000000/users").names_table, Key("000000000000/users", "ada").names_table) == (
        True,
        False,
    )
