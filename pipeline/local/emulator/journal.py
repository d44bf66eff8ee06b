"""One append-only file per Region: every change to every table, on disk before its write is acknowledged."""

from __future__ import annotations

import json
import os
import uuid
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.local.emulator.change import Change, decode, encode

FORMAT = 1
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)


class JournalDamagedError(Exception):
    """A line before the last one cannot be read, so what follows it cannot be trusted."""


class Commit(NamedTuple):
    """Changes that were written together: the sequence number of the first, the changes, and, where they
    came from a peer, how far that peer's journal has now been seen: (its id, its sequence number)."""

    sequence: int
    changes: Sequence[Change]
    seen: tuple[str, int] | None = None


class Journal:
    """The changes of one Region in the order in which it took them, numbered from 1.

    A commit is one line, so a transaction is kept whole or not at all. A line that was cut off by a crash
    was never acknowledged, and is removed when the file is opened again.

    Raises:
        JournalDamagedError: the file is not a journal of this Region, or is damaged before its last line.
        OSError: the file cannot be read or written.
    """

    def __init__(self, path: Path, region: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._path = path
        self._sequences: list[int] = []
        self._offsets: list[int] = []
        self._end = 0
        self._durable_end = 0
        self.last = 0
        self.durable = 0
        self.id = self._read_header(region)
        for commit, offset in self._scan():
            self._index(commit.sequence, len(commit.changes), offset)
        os.ftruncate(self._file, self._end)
        self.sync()

    def append(
        self, changes: Sequence[Change], seen: tuple[str, int] | None = None, *, sync: bool = True
    ) -> None:
        """Write the changes as one commit; with `sync`, return only when they are on disk."""
        commit: dict[str, Any] = {
            "sequence": self.last + 1,
            "changes": [encode(change) for change in changes],
        }
        if seen is not None:
            commit["seen"] = seen
        offset = self._write(commit)
        self._index(self.last + 1, len(changes), offset)
        if sync:
            self.sync()

    def sync(self) -> None:
        """Return when all that was appended is on disk."""
        os.fsync(self._file)
        self.durable, self._durable_end = self.last, self._end

    def commits(self, after: int = 0, *, about: str = "") -> Iterator[Commit]:
        """Yield the durable commits that hold a change later than sequence number `after`, in order.

        With `about`, an `account/table`, lines without that name are left out before they are parsed.
        """
        name = json.dumps(about)[1:-1].encode()
        first = max(bisect_right(self._sequences, after + 1) - 1, 0)
        offset = self._offsets[first] if first < len(self._offsets) else self._end
        with self._path.open("rb") as lines:
            lines.seek(offset)
            while offset < self._durable_end:
                line = lines.readline()
                offset += len(line)
                if name not in line:
                    continue
                commit = _commit(json.loads(line))
                if commit.sequence + len(commit.changes) > after + 1:
                    yield commit

    def close(self) -> None:
        """Let go of the file; what was appended stays."""
        os.close(self._file)

    def _write(self, line: Mapping[str, Any]) -> int:
        offset = self._end
        data = json.dumps(line, separators=(",", ":")).encode() + b"\n"
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._file, view) :]
        except OSError:
            os.ftruncate(self._file, offset)  # half a line would spoil the one that comes after it
            raise
        self._end += len(data)
        return offset

    def _index(self, sequence: int, count: int, offset: int) -> None:
        self._sequences.append(sequence)
        self._offsets.append(offset)
        self.last = sequence + count - 1

    def _read_header(self, region: str) -> str:
        with self._path.open("rb") as lines:
            line = lines.readline()
        if not line.endswith(b"\n"):
            os.ftruncate(self._file, 0)
            self._write(header := {"journal": uuid.uuid4().hex, "region": region, "format": FORMAT})
            return str(header["journal"])
        try:
            header = json.loads(line)
            id_, kept, format_ = header["journal"], header["region"], header["format"]
        except UNREADABLE as error:
            raise JournalDamagedError(f"{self._path} does not begin with a journal's header") from error
        if (kept, format_) != (region, FORMAT):
            raise JournalDamagedError(
                f"{self._path} is the journal of {kept} in format {format_}, "
                f"not of {region} in format {FORMAT}"
            )
        self._end = len(line)
        return str(id_)

    def _scan(self) -> Iterator[tuple[Commit, int]]:
        with self._path.open("rb") as lines:
            lines.seek(self._end)
            for number, line in enumerate(lines, start=2):
                if not line.endswith(b"\n"):
                    return
                try:
                    commit = _commit(json.loads(line))
                except UNREADABLE as error:
                    raise JournalDamagedError(f"{self._path}, line {number}, is damaged: {error}") from error
                if commit.sequence != self.last + 1:
                    raise JournalDamagedError(
                        f"{self._path}, line {number}, has change {commit.sequence}, not {self.last + 1}"
                    )
                yield commit, self._end
                self._end += len(line)


def _commit(line: dict[str, Any]) -> Commit:
    seen = line.get("seen")
    changes = [decode(values) for values in line["changes"]]
    return Commit(line["sequence"], changes, (seen[0], seen[1]) if seen else None)
