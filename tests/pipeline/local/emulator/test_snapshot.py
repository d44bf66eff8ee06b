"""A snapshot has what was there at its instant, to the µs, and its file has all of it or is refused."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline.local.emulator import snapshot
from pipeline.local.emulator.change import Change, Item, Key, Stamp
from pipeline.local.emulator.journal import Journal
from pipeline.local.emulator.replica import Replica
from pipeline.local.emulator.snapshot import Snapshot, SnapshotDamagedError
from tests.pipeline.local.emulator.rows import DEFINITION, TABLE, Rows

REGIONS = ("eu-west-1", "eu-central-1")
OTHER = f"{TABLE}-restored"
Taken = Callable[[Journal, str, int], Snapshot | None]

keys = st.builds(Key, st.sampled_from([TABLE, OTHER]), st.sampled_from(["ada", "bob"]), st.just("CURRENT"))
items = st.none() | st.integers(0, 99).map(lambda n: {"n": {"N": str(n)}})
stamps = st.builds(Stamp, st.integers(1, 12), st.sampled_from(REGIONS))
changes = st.builds(Change, keys, items, stamps, st.just("origin"))
commits = st.lists(st.lists(changes, min_size=1, max_size=4), max_size=8)
instants = st.integers(0, 14)


@contextmanager
def journal_of(commits: Sequence[Sequence[Change]]) -> Iterator[Journal]:
    folder = Path(tempfile.mkdtemp(prefix="snapshot-"))
    journal = Journal(folder / "journal.jsonl", REGIONS[0])
    try:
        for commit in commits:
            journal.append(commit, sync=False)
        journal.sync()
        yield journal
    finally:
        journal.close()
        shutil.rmtree(folder)


def defined(at: int, item: Item | None = DEFINITION, table: str = TABLE) -> Change:
    return Change(Key(table), item, Stamp(at, REGIONS[0]), "origin")


def put(at: int, n: int, id: str = "ada") -> Change:
    return Change(Key(TABLE, id, "CURRENT"), {"n": {"N": str(n)}}, Stamp(at, REGIONS[0]), "origin")


def there(changes: Sequence[Change], at: int) -> dict[Key, Item]:
    """What the rows of the table were: for each key the latest write by then, where that was no removal."""
    by_then = sorted((c for c in changes if c.stamp.at <= at and c.key.table == TABLE), key=lambda c: c.stamp)
    latest = {change.key: change.item for change in by_then}
    return {key: item for key, item in latest.items() if item is not None}


def unequal_stamps(commits: Sequence[Sequence[Change]]) -> list[list[Change]]:
    """The commits without a second change of one row at one stamp, which no Region writes."""
    known: set[tuple[Key, Stamp]] = set()
    kept: list[list[Change]] = []
    for commit in commits:
        new = {(c.key, c.stamp): c for c in reversed(commit) if (c.key, c.stamp) not in known}
        known |= new.keys()
        kept.append(list(new.values()))
    return [commit for commit in kept if commit]


def check(taken: Taken, phases: Sequence[Phase]) -> None:
    """Compare what `taken` says of any journal with what was there."""

    @settings(phases=phases, deadline=None, max_examples=100, database=None)
    @given(commits, instants)
    def compare(commits: list[list[Change]], at: int) -> None:
        kept = [[defined(0), defined(0, table=OTHER)], *unequal_stamps(commits)]
        with journal_of(kept) as journal:
            found = taken(journal, TABLE, at)
        expected = there([c for commit in kept[1:] for c in commit], at)
        assert found == Snapshot(TABLE, DEFINITION, expected, at)

    compare()


def test_a_snapshot_has_the_latest_writes_by_its_instant_in_whatever_order_they_came() -> None:
    check(snapshot.taken, tuple(Phase))


class OffByOne(snapshot._Past):
    def take(self, change: Change) -> None:
        if change.stamp.at != self._at or change.key.names_table:
            super().take(change)


class InOrderOfArrival(snapshot._Past):
    def take(self, change: Change) -> None:
        if change.stamp.at <= self._at:
            self._stamps.pop(change.key, None)
        super().take(change)


class ForgetsRemovals(snapshot._Past):
    def take(self, change: Change) -> None:
        if change.item is not None:
            super().take(change)


class Present(snapshot._Past):
    def __init__(self, at: int) -> None:
        super().__init__(at + 1_000)


class EveryTable(snapshot._Past):
    def take(self, change: Change) -> None:
        super().take(change._replace(key=change.key._replace(table=TABLE)))


@pytest.mark.parametrize("fault", [OffByOne, InOrderOfArrival, ForgetsRemovals, Present])
def test_a_snapshot_of_something_else_would_be_found(
    fault: type[snapshot._Past], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "_Past", fault)
    with pytest.raises(AssertionError):
        check(snapshot.taken, (Phase.generate,))


def test_a_snapshot_with_the_rows_of_other_tables_would_be_found() -> None:
    def whole(journal: Journal, table: str, at: int) -> Snapshot | None:
        past = EveryTable(at)
        for commit in journal.commits():
            for change in commit.changes:
                past.take(change)
        return Snapshot(table, past.definition or {}, past.rows, at)

    with pytest.raises(AssertionError):
        check(whole, (Phase.generate,))


class Writers:
    """Two Regions of one table, each with a plain list of what it has taken."""

    def __init__(self, folder: Path) -> None:
        self.clock = [1_000]
        self.journals = {name: Journal(folder / name, name) for name in REGIONS}
        self.replicas = {
            name: Replica(name, journal, Rows(), lambda: self.clock[0])
            for name, journal in self.journals.items()
        }
        self.taken: dict[str, list[Change]] = {name: [] for name in REGIONS}
        self.write(REGIONS[0], {Key(TABLE): DEFINITION})
        self.pull(REGIONS[1], 9)

    def write(self, region: str, rows: dict[Key, Item | None]) -> None:
        replica = self.replicas[region]
        replica.write(list(rows.items()))
        for key, item in rows.items():
            self.taken[region].append(Change(key, item, replica._stamps[key], replica.journal_id))

    def pull(self, region: str, limit: int) -> None:
        peer = self.replicas[next(name for name in REGIONS if name != region)]
        batch = peer.batch(self.replicas[region].seen(peer.journal_id), "nobody", limit)
        for was_taken, (_, change) in zip(self.replicas[region].take(batch), batch.changes, strict=False):
            if was_taken:
                self.taken[region].append(change)


steps = st.lists(
    st.tuples(st.just("write"), st.sampled_from(REGIONS), st.dictionaries(
        st.builds(Key, st.just(TABLE), st.sampled_from(["ada", "bob"]), st.just("1")), items, min_size=1))
    | st.tuples(st.just("pull"), st.sampled_from(REGIONS), st.integers(1, 3))
    | st.tuples(st.just("tick"), st.just(""), st.integers(-2, 4)),
    max_size=25,
)  # fmt: skip


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(steps, st.data())
def test_each_region_has_its_own_past_with_the_late_changes_of_its_peer(
    steps: list[tuple[str, str, object]], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory(prefix="snapshot-") as folder:
        regions = Writers(Path(folder))
        for step, region, value in steps:
            match step, value:
                case "write", dict():
                    regions.write(region, value)
                case "pull", int():
                    regions.pull(region, value)
                case _, int():
                    regions.clock[0] += value
        for region in REGIONS:
            all_taken = regions.taken[region]
            at = data.draw(st.sampled_from([c.stamp.at + late for c in all_taken for late in (-1, 0, 1)]))
            found = snapshot.taken(regions.journals[region], TABLE, at)
            rows = there(all_taken, at)
            definition = rows.pop(Key(TABLE), None)  # a clock that was set back can write before it
            assert found == (definition and Snapshot(TABLE, definition, rows, at))
            regions.journals[region].close()


def test_a_table_has_the_definition_of_the_instant() -> None:
    later = {"definition": {"TableName": "users", "GlobalSecondaryIndexes": []}}
    with journal_of([[defined(2)], [defined(5, later)]]) as journal:
        found = [snapshot.taken(journal, TABLE, at) for at in (1, 2, 4, 5, 9)]
    assert [past and past.definition for past in found] == [None, DEFINITION, DEFINITION, later, later]


def test_a_table_that_was_made_again_has_no_rows_of_the_former_one() -> None:
    lives = [
        [defined(1)],
        [put(2, 1)],
        [defined(4, None)],
        [put(5, 0, "late")],
        [defined(6)],
        [put(7, 2, "b")],
    ]
    with journal_of(lives) as journal:
        found = [snapshot.taken(journal, TABLE, at) for at in (3, 4, 6, 7)]
    ids = [past and [key.partition for key in past.rows] for past in found]
    assert ids == [["ada"], None, [], ["b"]]


rows_in_files = st.dictionaries(
    st.builds(Key, st.just(TABLE), st.text(min_size=1), st.text()),
    st.dictionaries(st.text(), st.dictionaries(st.just("S"), st.text(), min_size=1, max_size=1)),
)


@settings(deadline=None)
@given(rows_in_files, st.integers(0, 2**53))
def test_what_was_written_is_read_back(rows: dict[Key, Item], at: int) -> None:
    kept = Snapshot(TABLE, DEFINITION, rows, at)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "made", "kept.jsonl")
        snapshot.write(kept, file)
        assert snapshot.read(file) == kept


def test_a_file_that_was_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "kept.jsonl"
    rows = {put(1, n, f"id{n}").key: put(1, n).item or {} for n in range(3)}
    snapshot.write(Snapshot(TABLE, DEFINITION, rows, 1), file)
    whole = file.read_bytes()
    for length in range(len(whole) - 1):  # the last newline says nothing
        file.write_bytes(whole[:length])
        with pytest.raises(SnapshotDamagedError):
            snapshot.read(file)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]\n", '{"snapshot":2,"table":"a/b","definition":{},"rows":0,"at":1}\n']
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "kept.jsonl"
    file.write_text(text)
    with pytest.raises(SnapshotDamagedError, match="is no snapshot"):
        snapshot.read(file)


def test_a_full_disk_leaves_the_file_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "kept.jsonl"
    former, later = Snapshot(TABLE, DEFINITION, {}, 1), Snapshot(TABLE, DEFINITION, {}, 2)
    snapshot.write(former, file)

    def full(_: int) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            snapshot.write(later, file)
    assert snapshot.read(file) == former
    assert list(tmp_path.iterdir()) == [file]
