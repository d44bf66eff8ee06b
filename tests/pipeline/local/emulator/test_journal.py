"""What was on disk when the process died is read back; what was not is never served, and damage is named."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.local.emulator.change import Key
from pipeline.local.emulator.journal import Journal, JournalDamagedError
from tests.pipeline.local.emulator.rows import TABLE, change

REGION = "eu-west-1"


@contextmanager
def opened(path: Path, region: str = REGION) -> Iterator[Journal]:
    journal = Journal(path, region)
    try:
        yield journal
    finally:
        journal.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal of three commits, with the changes 1, 2 to 4, and 5."""
    file = tmp_path / "state" / "journal.jsonl"
    with opened(file) as journal:
        journal.append([change(1)])
        journal.append([change(2), change(3), change(4)])
        journal.append([change(5)], ("peer", 17))
    return file


def numbers(journal: Journal, after: int = 0) -> list[list[int]]:
    return [[c.stamp.at for c in commit.changes] for commit in journal.commits(after)]


def test_commits_about_a_table_are_read_without_the_others(tmp_path: Path) -> None:
    other = change(2)._replace(key=Key("000000000000/orders", "ada"))
    with opened(tmp_path / "journal.jsonl") as journal:
        journal.append([change(1)])
        journal.append([other])
        journal.append([change(3), other])
        found = [commit.sequence for commit in journal.commits(about=TABLE)]
        later = [commit.sequence for commit in journal.commits(1, about=TABLE)]
    assert (found, later) == ([1, 3], [3])


def test_commits_are_read_back_in_order_with_their_numbers(path: Path) -> None:
    with opened(path) as journal:
        commits = list(journal.commits())
    assert [commit.sequence for commit in commits] == [1, 2, 5]
    assert [list(commit.changes) for commit in commits] == [
        [change(1)],
        [change(2), change(3), change(4)],
        [change(5)],
    ]
    assert [commit.seen for commit in commits] == [None, None, ("peer", 17)]


@pytest.mark.parametrize(
    ("after", "served"),
    [
        (0, [[1], [2, 3, 4], [5]]),
        (1, [[2, 3, 4], [5]]),
        (2, [[2, 3, 4], [5]]),
        (3, [[2, 3, 4], [5]]),
        (4, [[5]]),
        (5, []),
        (6, []),
    ],
)
def test_reading_begins_at_the_commit_with_the_next_change(
    path: Path, after: int, served: list[list[int]]
) -> None:
    with opened(path) as journal:
        assert numbers(journal, after) == served


def test_numbering_goes_on_after_a_restart(path: Path) -> None:
    with opened(path) as journal:
        assert (journal.last, journal.durable) == (5, 5)
        journal.append([change(6)])
        assert [commit.sequence for commit in journal.commits(5)] == [6]


def test_its_id_lasts_as_long_as_its_file(path: Path) -> None:
    with opened(path) as first, opened(path) as second:
        assert first.id == second.id
    path.unlink()
    with opened(path) as third:
        assert third.id != first.id


def test_what_is_not_on_disk_is_not_served(path: Path) -> None:
    with opened(path) as journal:
        journal.append([change(6)], sync=False)
        assert (journal.last, journal.durable, numbers(journal, 5)) == (6, 5, [])
        journal.sync()
        assert (journal.durable, numbers(journal, 5)) == (6, [[6]])


def test_a_line_that_another_thread_is_writing_is_not_read(path: Path) -> None:
    with opened(path) as journal, path.open("ab") as writer:
        writer.write(b'{"sequence":6,"chan')
        writer.flush()
        assert numbers(journal, 4) == [[5]]


def test_an_append_is_on_disk_before_it_returns(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    with opened(path) as journal:
        monkeypatch.setattr(os, "fsync", lambda _: synced.append(path.stat().st_size))
        journal.append([change(6)])
    assert synced == [path.stat().st_size]


@pytest.mark.parametrize("cut", [1, 2, 40])
def test_a_line_that_a_crash_cut_off_is_removed_and_numbering_goes_on(path: Path, cut: int) -> None:
    os.truncate(path, path.stat().st_size - cut)
    with opened(path) as journal:
        assert (journal.last, numbers(journal)) == (4, [[1], [2, 3, 4]])
        journal.append([change(50)])
    with opened(path) as journal:
        assert numbers(journal) == [[1], [2, 3, 4], [50]]


def test_a_header_that_a_crash_cut_off_is_written_again(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b'{"journal":"12')
    with opened(path) as journal:
        journal.append([change(1)])
    with opened(path) as journal:
        assert numbers(journal) == [[1]]


@pytest.mark.parametrize(
    "damage", [b"", b"\0\0\0", b"[]", b'{"sequence":2}', b'{"sequence":2,"changes":[],"seen":["peer"]}']
)
def test_damage_before_the_last_line_names_the_line(path: Path, damage: bytes) -> None:
    header, first, _, last = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([header, first, damage, last, b""]))
    with pytest.raises(JournalDamagedError, match=r"journal\.jsonl, line 3, is damaged"):
        Journal(path, REGION)


def test_a_gap_in_the_numbers_names_the_line(path: Path) -> None:
    header, first, _, last = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([header, first, last, b""]))
    with pytest.raises(JournalDamagedError, match="line 3, has change 5, not 2"):
        Journal(path, REGION)


def test_another_regions_journal_is_refused(path: Path) -> None:
    with pytest.raises(
        JournalDamagedError, match="is the journal of eu-west-1 in format 1, not of eu-central-1"
    ):
        Journal(path, "eu-central-1")


def test_another_format_is_refused(path: Path) -> None:
    header, rest = path.read_bytes().split(b"\n", 1)
    path.write_bytes(json.dumps({**json.loads(header), "format": 2}).encode() + b"\n" + rest)
    with pytest.raises(JournalDamagedError, match="in format 2, not of eu-west-1 in format 1"):
        Journal(path, REGION)


@pytest.mark.parametrize("header", [b"hello\n", b"[1]\n", b'{"region":"eu-west-1","format":1}\n'])
def test_a_file_that_is_no_journal_is_refused_and_left_as_it_is(tmp_path: Path, header: bytes) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(header)
    with pytest.raises(JournalDamagedError, match="does not begin with a journal's header"):
        Journal(path, REGION)
    assert path.read_bytes() == header


def test_a_write_that_fails_half_way_leaves_nothing_behind(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write

    def full_disk(file: int, data: memoryview) -> int:
        if len(data) < 20:
            raise OSError(28, "No space left on device")
        return write(file, data[: len(data) // 2])

    with opened(path) as journal:
        with monkeypatch.context() as patched:
            patched.setattr(os, "write", full_disk)
            with pytest.raises(OSError, match="No space left"):
                journal.append([change(6)])
        assert journal.last == 5
        journal.append([change(7)])
    with opened(path) as journal:
        assert numbers(journal, 4) == [[5], [7]]


commits_of = st.lists(st.lists(st.integers(0, 10_000), min_size=1, max_size=4), max_size=8)


@given(before=commits_of, after=commits_of, data=st.data())
def test_a_file_cut_anywhere_holds_a_prefix_of_whole_commits(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[list[int]],
    after: list[list[int]],
    data: st.DataObject,
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.jsonl"
    with opened(path) as journal:
        header = path.stat().st_size
        ends = [header]
        for commit in before:
            journal.append([change(n) for n in commit])
            ends.append(path.stat().st_size)
    cut = data.draw(st.integers(header, ends[-1]))
    os.truncate(path, cut)
    whole = sum(end <= cut for end in ends) - 1

    for commit in after:
        with opened(path) as journal:
            journal.append([change(n) for n in commit])
    with opened(path) as journal:
        assert numbers(journal) == before[:whole] + after
        assert journal.last == sum(map(len, before[:whole] + after))
