"""Regions without an emulator, each with a disk of its own, whose changes a test delivers by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.local.emulator.change import Change, Item, Key, Stamp
from pipeline.local.emulator.journal import Journal
from pipeline.local.emulator.replica import Replica
from tests.pipeline.local.emulator.rows import TABLE, Rows

REGIONS = ("eu-west-1", "eu-central-1")


class Region:
    """A Region with a disk: its process can die and come back, its disk can be lost."""

    replica_type: type[Replica] = Replica

    def __init__(
        self, name: str, disk: Path, clock: list[int], store_type: Callable[[], Rows] = Rows
    ) -> None:
        self.name = name
        self._store_type = store_type
        self._disk = disk
        self._clock = clock
        self.start()

    def start(self) -> None:
        self.store = self._store_type()
        self.journal = Journal(self._disk / f"{self.name}.journal", self.name)
        self.replica = self.replica_type(self.name, self.journal, self.store, lambda: self._clock[0])
        self.replica.restore()

    def restart(self) -> None:
        self.journal.close()
        self.start()

    def lose_disk(self) -> None:
        self.journal.close()
        (self._disk / f"{self.name}.journal").unlink()
        self.start()

    def write(self, *changes: tuple[Key, Item | None]) -> None:
        for key, item in changes:
            self.store.apply(Change(key, item, Stamp(0, ""), ""))
        self.replica.write(changes)


def deliver(source: Region, to: Region) -> None:
    after = to.replica.seen(source.replica.journal_id)
    while (batch := source.replica.batch(after, to.replica.journal_id, limit=1_000)).changes:
        for _ in to.replica.take(batch):
            pass
        after = to.replica.seen(batch.journal)


def put(region: Region, id: str, n: int) -> None:
    region.write((Key(TABLE, id, "CURRENT"), {"n": {"N": str(n)}}))
