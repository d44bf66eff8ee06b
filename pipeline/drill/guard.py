"""Sets a watchdog on a drill, and calls it off when all is well again."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import psutil

from pipeline.drill.lock import held
from pipeline.drill.performance import Folder, Guard
from pipeline.drill.watchdog import FINISHED
from pipeline.local.layout import ROOT

LOG = "watchdog.log"
END_S = 10.0

# Python warns of a child that is forgotten while it runs; a watchdog is meant to outlive the drill.
_children: list[subprocess.Popen[bytes]] = []


def watched_by(
    module: str, *arguments: str, cap_s: float, environment: Mapping[str, str] | None = None
) -> Guard:
    """Return what guards a drill of this process, by another one that ends it after `cap_s` seconds.

    That one runs a module with arguments, and with those that `watchdog.parser` reads; it has the environment
    of this one, if it is given none. Leaving the block calls it off, unless something is left to undo: that
    is its business then, as soon as this process has ended. Raises OSError.
    """

    @contextmanager
    def guarded(folder: Folder) -> Iterator[None]:
        command = [sys.executable, "-m", module, *arguments, *_drill(folder, until=time.time() + cap_s)]
        child = _start(command, folder, environment)
        try:
            yield
        finally:
            if not folder.disturbances.all:
                (folder.path / FINISHED).touch()
                child.wait(END_S)
                _children.remove(child)

    return guarded


def _drill(folder: Folder, *, until: float) -> Sequence[str]:
    """Return the arguments that say which drill it is, and until when it must have ended."""
    me = psutil.Process()
    drill = ["--folder", str(folder.path), "--pid", str(me.pid), "--started", repr(me.create_time())]
    return [*drill, "--until", repr(until)]


def _start(
    command: Sequence[str], folder: Folder, environment: Mapping[str, str] | None
) -> subprocess.Popen[bytes]:
    """Start a watchdog in a session of its own; it holds what this process holds, as long as it runs."""
    folder.path.mkdir(parents=True, exist_ok=True)
    (folder.path / FINISHED).unlink(missing_ok=True)
    with (folder.path / LOG).open("ab") as log:
        child = subprocess.Popen(  # noqa: S603 - our own command
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=held(),
        )
    _children.append(child)
    return child
