"""One Region's side of a global table: which changes it takes, remembers and passes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

from pipeline.local.emulator.change import Change, Item, Key, Stamp
from pipeline.local.emulator.journal import Journal
from pipeline.local.emulator.sharing import SharedTables, Sharing


class Store(SharedTables, Protocol):
    """Where the rows are: the emulator's tables, or a dict in a test."""

    def apply(self, change: Change) -> None:
        """Make the row (or the table) what the change says."""


class Batch(NamedTuple):
    """A stretch of one journal on its way to a peer: the journal's id, the changes with their sequence
    numbers, and the sequence number up to which the journal was read."""

    journal: str
    changes: Sequence[tuple[int, Change]]
    read: int


class Missed(NamedTuple):
    """What a reader passed over: the changes of one table, `account/table`, up to a sequence number."""

    table: str
    until: int


class Replica:
    """The changes that one Region has taken, newest write first in force: the last writer wins, per item.

    DynamoDB reconciles concurrent updates of a multi-Region eventually consistent table so
    (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html).
    The order of arrival never matters, and a change that is delivered again changes nothing. A write made
    here after a change from elsewhere was taken is later than it, whatever the two clocks say. No attribute
    is put on an item: stamps live beside the rows, and come back from the journal.

    Args:
        region: this Region's name.
        journal: this Region's journal, whose changes are taken over.
        store: receives what peers send; `restore` fills it from the journal.
        clock: µs since the epoch.
    """

    def __init__(self, region: str, journal: Journal, store: Store, clock: Callable[[], int]) -> None:
        self._region = region
        self._journal = journal
        self._store = store
        self._clock = clock
        self._stamps: dict[Key, Stamp] = {}
        self._seen: dict[str, int] = {}
        self._missed: dict[str, Missed] = {}
        self._sharing = Sharing(store)
        self.lock = threading.RLock()  # held while a change is taken, so that its effects keep its place
        self.conflicts = 0  # changes from a peer that lost to a later write
        self.on_change: Callable[[], None] = lambda: None

    @property
    def journal_id(self) -> str:
        """The id of this Region's journal; a new one after its disk was lost."""
        return self._journal.id

    @property
    def durable(self) -> int:
        """The sequence number of the last change that is on disk."""
        return self._journal.durable

    def restore(self) -> int:
        """Put every row back as the journal has it, and return how many changes were read."""
        count = 0
        for commit in self._journal.commits():
            for change in commit.changes:
                count += 1
                self._stamps[change.key] = change.stamp
                self._store.apply(change)
                self._note(change, count)
            if commit.seen:
                self._seen[commit.seen[0]] = commit.seen[1]
        return count

    def write(self, writes: Sequence[tuple[Key, Item | None]], *, at: int | None = None) -> None:
        """Take what was written here, just now or at a time, as one commit: on disk when this returns.

        Raises:
            OSError: the journal cannot be written; the write must not be acknowledged.
        """
        with self.lock:
            now = self._clock() if at is None else at
            changes = []
            for key, item in dict(writes).items():
                known = self._stamps.get(key)
                stamp = Stamp(max(now, known.at + 1) if known else now, self._region)
                changes.append(Change(key, item, stamp, self._journal.id))
            self._journal.append(changes)
            self._stamps.update((change.key, change.stamp) for change in changes)
            for sequence, change in enumerate(changes, start=self._journal.last - len(changes) + 1):
                self._note(change, sequence)
        self.on_change()

    def seen(self, journal: str) -> int:
        """Return the sequence number up to which a peer's journal was taken over."""
        return self._seen.get(journal, 0)

    def missed(self, journal: str) -> Missed | None:
        """Return what alone is still to be read of a peer's journal before where it was read to, or None.

        A restart forgets it: then all of that is read again, and what is known already changes nothing.
        """
        missed = self._missed.get(journal)
        return missed if missed and missed.until > self.seen(journal) else None

    def take(self, batch: Batch) -> Iterator[bool]:
        """Take a peer's batch, yielding after each change whether it was later than what was known.

        A transaction arrives so item by item, as on AWS. After a table's definition the batch is left: what
        follows is read again from `seen`. Once exhausted, all that was taken is on disk.
        """
        for sequence, change in batch.changes:
            taken = self.receive(change, batch.journal, sequence)
            yield taken
            if taken and change.key.names_table:
                break
        else:
            self._seen[batch.journal] = max(self.seen(batch.journal), batch.read)
        with self.lock:
            self._journal.sync()
        self.on_change()

    def receive(self, change: Change, journal: str, sequence: int) -> bool:
        """Take one change if it is later than what is known of its row, and return whether it was.

        A definition that begins to share a table sends the reader back to the beginning of that journal,
        since changes of the table were passed over while it was not shared. A row that comes before it is
        passed over too.
        """
        with self.lock:
            if not change.key.names_table and not self._store.is_shared(change.key.table):
                return False
            known = self._stamps.get(change.key)
            if known is not None and known >= change.stamp:
                self.conflicts += known != change.stamp
                return False
            seen = sequence
            if self._sharing.begins(change):
                self._missed[journal] = Missed(change.key.table, 0 if self.missed(journal) else sequence)
                seen = 0
            self._journal.append([change], (journal, seen), sync=False)
            self._stamps[change.key] = change.stamp
            self._seen[journal] = seen
            self._store.apply(change)
            self._note(change, self._journal.last)
            return True

    def batch(self, after: int, reader: str, limit: int, missed: Missed | None = None) -> Batch:
        """Return the next changes for the peer whose journal has the id `reader`.

        `Sharing.travels` tells which they are. With `missed`, no more is read than that.
        """
        found: list[tuple[int, Change]] = []
        read = after
        for commit in self._journal.commits(after, about=missed.table if missed else ""):
            for sequence, change in enumerate(commit.changes, start=commit.sequence):
                if sequence <= after:
                    continue
                if missed and sequence > missed.until:
                    return Batch(self._journal.id, found, missed.until)
                if len(found) == limit:
                    return Batch(self._journal.id, found, read)
                if self._sharing.travels(change, sequence, reader):
                    found.append((sequence, change))
                read = sequence
        return Batch(self._journal.id, found, max(read, missed.until) if missed else read)

    def _note(self, change: Change, sequence: int) -> None:
        """Note what a change means for sharing, and forget the rows of a table that is gone."""
        self._sharing.note(change, sequence)
        if change.key.names_table and change.item is None:
            gone = change.key.table
            kept = [key for key in self._stamps if key.table != gone or key.names_table]
            self._stamps = {key: self._stamps[key] for key in kept}
