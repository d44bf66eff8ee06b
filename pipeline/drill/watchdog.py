"""Whoever watches over a drill, and undoes what that left when it is dead or takes too long."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import psutil

from pipeline.drill.diary import Diary, Line, Restored
from pipeline.drill.performance import Folder

FINISHED, BY_HAND = "finished", "not-restored.txt"
POLL_S = 0.5
RETRY_S = 5.0
RESTORE_S = 900.0
GRACE_S = 90.0  # to bring a lost Region back takes a minute

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Drill:
    """The process of a drill, by its pid and when it was created: another may have its pid by now."""

    pid: int
    started: float

    @property
    def process(self) -> psutil.Process | None:
        """The process while it runs."""
        try:
            process = psutil.Process(self.pid)
            if process.create_time() == self.started and process.status() != psutil.STATUS_ZOMBIE:
                return process
        except psutil.NoSuchProcess:
            pass
        return None

    def end(self) -> None:
        """Ask it to heal and end, as Ctrl-C does, and kill it if it does not."""
        process = self.process
        if process is not None:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGINT)
                _, left = psutil.wait_procs([process], timeout=GRACE_S)
                for each in left:
                    each.kill()
                psutil.wait_procs(left, timeout=GRACE_S)


@dataclass(frozen=True, kw_only=True)
class Watchdog:
    """Watches over one drill.

    Args:
        folder: the drill's, with all that it disturbed; a file `finished` is put there when all is well.
        until: when it must have, in seconds since the epoch.
        restore: undoes all that is on record; raises whatever says that it is not undone.
        by_hand: what whoever finds something that could not be undone is told to do.
        restore_s: for how long that is tried.
    """

    folder: Folder
    drill: Drill
    until: float
    restore: Callable[[], None]
    by_hand: str
    say: Say
    restore_s: float = RESTORE_S
    retry_s: float = RETRY_S

    def watch(self) -> bool:
        """Return once the drill has finished, or what it left is undone; False if something resisted."""
        while (process := self.drill.process) is not None and time.time() < self.until:
            if self._has_finished():
                return True
            time.sleep(POLL_S)
        if self._has_finished():
            return True
        self.say("the drill takes too long: it is ended" if process else "the drill died")
        self.drill.end()
        return self._has_finished() or self._restore()

    def _has_finished(self) -> bool:
        return (self.folder.path / FINISHED).exists()

    def _restore(self) -> bool:
        """Undo, again and again, until it succeeds or the time is over."""
        ends = time.monotonic() + self.restore_s
        while True:
            try:
                self.restore()
            except Exception as error:  # whatever it is: nobody comes after this process
                self.say(f"not restored: {error}")
                if time.monotonic() + self.retry_s > ends:
                    self._leave_message(error)
                    return False
                time.sleep(self.retry_s)
            else:
                Diary(self.folder.diary).add(Line(restored=Restored(at=time.time(), by="watchdog")))
                self.say("all is as it was")
                return True

    def _leave_message(self, error: Exception) -> None:
        lines = [
            f"The drill of {self.folder.path} is over, and not all that it disturbed could be undone: {error}"
        ]
        with suppress(OSError, ValueError):
            lines += [f"still disturbed: {each}" for each in self.folder.disturbances.all]
        lines += [f"By hand: {self.by_hand}", ""]
        (self.folder.path / BY_HAND).write_text("\n".join(lines))
        self.say("\n".join(lines))


def parser(module: str, purpose: str | None) -> argparse.ArgumentParser:
    """Return a parser of the arguments that `guard` gives to every watchdog: its drill, and until when."""
    made = argparse.ArgumentParser(prog=module, description=purpose)
    made.add_argument("--folder", required=True, type=Path, help="the drill's")
    made.add_argument("--pid", required=True, type=int, help="the drill's process")
    made.add_argument("--started", required=True, type=float, help="when that was created, as psutil has it")
    made.add_argument("--until", required=True, type=float, help="when it must have ended, since the epoch")
    return made


def watch(given: argparse.Namespace, restore: Callable[[], None], *, by_hand: str) -> NoReturn:
    """Watch over the drill that the arguments name, and end: with 1 if something could not be undone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    watchdog = Watchdog(
        folder=Folder(path=given.folder),
        drill=Drill(pid=given.pid, started=given.started),
        until=given.until,
        restore=restore,
        by_hand=by_hand,
        say=say,
    )
    raise SystemExit(0 if watchdog.watch() else 1)


def say(what: str) -> None:
    """Write a line with the time to standard output."""
    sys.stdout.write(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {what}\n")
    sys.stdout.flush()
