"""One drill at a time: a lock on a platform, until all that the drill disturbed there was put right."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.drill.faults import FaultError

# The open files by which this process holds platforms.
_held: list[int] = []


@contextmanager
def drilling(file: Path) -> Iterator[None]:
    """Hold a platform, which `file` stands for, for one drill; raises FaultError where another one does.

    A process that is given what is `held` holds it too, and longer than this one if it lives longer: the
    watchdog of a drill that was killed, until it has put everything right.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FaultError(
                "Another drill holds this platform, or is being put right: wait for it to end."
            ) from error
        _held.append(lock.fileno())
        try:
            yield
        finally:
            _held.remove(lock.fileno())


def held() -> Sequence[int]:
    """Return the files that a process has to be given, so that what is held here stays held by it."""
    return tuple(_held)
