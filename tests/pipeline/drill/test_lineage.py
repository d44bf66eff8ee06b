"""Where a version stands is told by what it supersedes, and not by the clock."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.drill.lineage import Standing, standings
from pipeline.drill.rows import Version
from tests.pipeline.drill.made import HERE, THERE, tabled, version, version_id

Placed = dict[str, str]


def chain() -> Sequence[Version]:
    return tabled(*(version(number) for number in (1, 2, 3))).history["ada"]


def test_what_the_current_version_builds_on_is_superseded() -> None:
    one, two, three = chain()
    assert standings([one, two, three], three) == {
        one.version_id: Standing.SUPERSEDED,
        two.version_id: Standing.SUPERSEDED,
        three.version_id: Standing.CURRENT,
    }


def test_what_builds_on_the_current_version_is_ahead_of_it() -> None:
    one, two, three = chain()
    found = standings([one, two, three], one)
    assert (found[two.version_id], found[three.version_id]) == (Standing.AHEAD, Standing.AHEAD)


def test_the_branch_that_last_writer_wins_passed_over_is_overruled_even_if_its_time_is_later() -> None:
    fork = version(4, region=THERE, supersedes=version_id(1))
    later = version(5, region=THERE, supersedes=version_id(4, THERE))
    rows = tabled(version(1), version(2), fork, later)
    current = next(each for each in rows.history["ada"] if each.version_id == version_id(2, HERE))
    found = standings(rows.history["ada"], current)
    assert found[version_id(4, THERE)] is Standing.OVERRULED
    assert found[version_id(5, THERE)] is Standing.OVERRULED


def test_a_gap_in_the_chain_ends_it() -> None:
    one, _, three = chain()
    assert standings([one, three], three)[one.version_id] is Standing.OVERRULED


def test_a_version_that_supersedes_itself_does_not_keep_it_busy() -> None:
    rows = tabled(version(2, supersedes=version_id(2)))
    (only,) = rows.history["ada"]
    assert standings([only], only) == {only.version_id: Standing.CURRENT}
