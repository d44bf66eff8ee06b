"""One execution at a time, first come first served."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pipeline.local.runner.history import History
from pipeline.local.runner.process import Process
from pipeline.local.runner.record import Record

POLL_S = 0.15


@dataclass(frozen=True, kw_only=True)
class Queue:
    """Who runs the pipeline of one platform, and who waits to; `folder` is shared by all of them.

    Each has a ticket with a number for as long as it waits and runs. One whose process is gone counts for
    nothing. The lock is what makes sure of it.
    """

    folder: Path
    poll_s: float = POLL_S

    @asynccontextmanager
    async def turn(self, tell: Callable[[str], None]) -> AsyncIterator[None]:
        """Wait for all who came before, and have the turn until the block is left; raises OSError."""
        ticket = self._draw()
        try:
            await self._before(ticket, tell)
            with self._lock("lock").open("ab") as lock:
                while not _taken(lock.fileno()):
                    await asyncio.sleep(self.poll_s)
                yield
        finally:
            ticket.unlink(missing_ok=True)

    async def _before(self, ticket: Path, tell: Callable[[str], None]) -> None:
        """Return when no ticket has a lower number."""
        told = 0
        while before := [other for other in self._tickets() if other.name < ticket.name]:
            if len(before) != told:
                told = len(before)
                tell(f"Waiting for {told} execution{'s' if told > 1 else ''} that came before")
            await asyncio.sleep(self.poll_s)

    @property
    def length(self) -> int:
        """How many run or wait."""
        return len(self._tickets())

    def _draw(self) -> Path:
        with self._locked():
            last = max((int(ticket.stem) for ticket in self._folder.glob("*.json")), default=0)
            ticket = self._folder / f"{last + 1:09}.json"
            ticket.write_bytes(msgspec.json.encode(Process.this()))
            return ticket

    def _tickets(self) -> Sequence[Path]:
        """The tickets of processes that live; the others are thrown away."""
        with self._locked():
            tickets = sorted(self._folder.glob("*.json"))
            for ticket in [each for each in tickets if not _held(each)]:
                ticket.unlink(missing_ok=True)
                tickets.remove(ticket)
            return tickets

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Nobody else draws or throws away tickets meanwhile; it takes no time."""
        with self._lock("queue.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @property
    def _folder(self) -> Path:
        folder = self.folder / "queue"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _lock(self, name: str) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / name


def overtaken(record: Record, history: History, is_ancestor: Callable[[str, str], bool]) -> Record | None:
    """Return an execution that was pushed later, has run already, and has this commit in it, if there is one.

    `is_ancestor(commit, of)` tells whether `of` is the commit or comes after it.
    """
    for other in history.records():
        later = other.order > record.order and other.began_at is not None
        if later and is_ancestor(record.commit, other.commit):
            return other
    return None


def _held(ticket: Path) -> bool:
    """Whether the process of a ticket lives; one that was not written whole is of a process that died."""
    try:
        return msgspec.json.decode(ticket.read_bytes(), type=Process).lives
    except (OSError, ValueError):
        return False


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
