"""A table that begins to be shared, or is made again, arrives whole, and with nothing of others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.local.emulator.change import Change, Key
from pipeline.local.emulator.replica import Replica
from tests.pipeline.local.emulator.followers import REGIONS, Region, deliver, put
from tests.pipeline.local.emulator.rows import DEFINITION, TABLE, Rows


class Local(Rows):
    """A store whose tables are shared only once a definition says so."""

    def __init__(self) -> None:
        super().__init__()
        self.shared: set[str] = set()

    def apply(self, change: Change) -> None:
        if change.key.names_table:
            (self.shared.add if change.item == DEFINITION else self.shared.discard)(change.key.table)
            if change.item is None:
                self.items = {key: item for key, item in self.items.items() if key.table != change.key.table}
        elif change.key.table in self.shared or change.origin == "":
            super().apply(change)

    def is_shared(self, table: str) -> bool:
        return table in self.shared


@pytest.fixture
def strangers(tmp_path: Path) -> Iterator[tuple[Region, Region]]:
    clock = [1_000]
    regions = Region(REGIONS[0], tmp_path, clock, Local), Region(REGIONS[1], tmp_path, clock, Local)
    regions[0].write((Key(TABLE), {"definition": {}}))
    yield regions
    for region in regions:
        region.journal.close()


def test_a_row_that_comes_before_its_table_is_shared_comes_again_with_it(
    strangers: tuple[Region, Region],
) -> None:
    primary, secondary = strangers
    put(primary, "ada", 1)
    deliver(primary, secondary)
    put(primary, "bob", 2)  # after the place to which the peer has read
    primary.write((Key(TABLE), DEFINITION))
    deliver(primary, secondary)
    assert secondary.store.items == primary.store.items
    assert len(secondary.store.items) == 2


def test_a_table_that_is_shared_sends_again_no_more_than_its_own_changes(
    strangers: tuple[Region, Region],
) -> None:
    primary, secondary = strangers
    primary.write((Key("000000000000/other"), DEFINITION))
    for n in range(5):
        primary.write((Key("000000000000/other", "x", "y"), {"n": {"N": str(n)}}))
    put(primary, "ada", 1)
    deliver(primary, secondary)
    primary.write((Key(TABLE), DEFINITION))
    asked = []
    journal, reader = primary.replica.journal_id, secondary.replica.journal_id
    while True:
        missed = secondary.replica.missed(journal)
        batch = primary.replica.batch(secondary.replica.seen(journal), reader, 1_000, missed)
        if not batch.changes and missed is None:
            break
        asked.append([change.key.table for _, change in batch.changes])
        for _ in secondary.replica.take(batch):
            pass
    assert asked[1:] == [[TABLE] * 2]  # its definition and its row, without the other's
    assert secondary.store.items == primary.store.items
    assert secondary.replica.conflicts == 0


def test_a_table_of_the_name_of_a_former_one_has_none_of_its_rows(strangers: tuple[Region, Region]) -> None:
    primary, secondary = strangers
    primary.write((Key(TABLE), DEFINITION))
    put(primary, "former", 1)
    deliver(primary, secondary)
    put(secondary, "theirs", 2)
    deliver(secondary, primary)
    for region in strangers:
        region.write((Key(TABLE), None))
    primary.write((Key(TABLE), {"definition": {}}))
    put(primary, "new", 3)
    primary.write((Key(TABLE), DEFINITION))
    deliver(primary, secondary)
    assert primary.store.items == secondary.store.items == {Key(TABLE, "new", "CURRENT"): {"n": {"N": "3"}}}
    secondary.restart()
    assert secondary.store.items == primary.store.items
    assert all(c.key.partition in ("", "new") for _, c in primary.replica.batch(0, "", 1_000).changes)


def test_a_replica_that_is_made_anew_gets_back_what_its_region_wrote_itself(
    strangers: tuple[Region, Region],
) -> None:
    primary, secondary = strangers
    primary.write((Key(TABLE), DEFINITION))
    deliver(primary, secondary)
    put(secondary, "theirs", 2)
    deliver(secondary, primary)
    secondary.write((Key(TABLE), None))
    primary.write((Key(TABLE), {"definition": {}}))  # no longer shared
    primary.write((Key(TABLE), DEFINITION))
    deliver(primary, secondary)
    assert secondary.store.items == primary.store.items != {}


class TakesRowsOfStrangers(Replica):
    def receive(self, change: Change, journal: str, sequence: int) -> bool:
        store = self._store
        if not change.key.names_table and not store.is_shared(change.key.table):
            self._stamps[change.key] = change.stamp
        return super().receive(change, journal, sequence)


class RemembersRowsThatAreGone(Replica):
    def _note(self, change: Change, sequence: int) -> None:
        self._sharing.note(change, sequence)


class SendsRowsOfFormerTables(Replica):
    def _note(self, change: Change, sequence: int) -> None:
        super()._note(change, sequence)
        self._sharing._ended.clear()


class NeverSendsBack(Replica):
    def _note(self, change: Change, sequence: int) -> None:
        super()._note(change, sequence)
        self._sharing._from.clear()


FORMER = test_a_table_of_the_name_of_a_former_one_has_none_of_its_rows
ANEW = test_a_replica_that_is_made_anew_gets_back_what_its_region_wrote_itself


@pytest.mark.parametrize(
    ("fault", "test"),
    [
        (TakesRowsOfStrangers, test_a_row_that_comes_before_its_table_is_shared_comes_again_with_it),
        (RemembersRowsThatAreGone, ANEW),
        (SendsRowsOfFormerTables, FORMER),
        (NeverSendsBack, ANEW),
    ],
)
def test_a_planted_fault_of_sharing_is_found(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: type[Replica],
    test: Callable[[tuple[Region, Region]], None],
) -> None:
    monkeypatch.setattr(Region, "replica_type", fault)
    clock = [1_000]
    regions = Region(REGIONS[0], tmp_path, clock, Local), Region(REGIONS[1], tmp_path, clock, Local)
    regions[0].write((Key(TABLE), {"definition": {}}))
    with pytest.raises(AssertionError):
        test(regions)
    for region in regions:
        region.journal.close()
