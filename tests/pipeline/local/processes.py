"""Small processes that behave, or misbehave, as a test needs."""

from __future__ import annotations

import sys
from pathlib import Path

import psutil

HEED_NOTHING = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
SAY_READY = "import pathlib, sys; pathlib.Path(sys.argv[1]).touch()"
WAIT = "import threading; threading.Event().wait()"


def python(*statements: str, ready: Path) -> list[str]:
    """Return a command that does these, says so by the file `ready`, and goes on until it is ended."""
    return [sys.executable, "-c", "\n".join([*statements, SAY_READY, WAIT]), str(ready)]


def with_child(pid_file: Path, *statements: str) -> str:
    """Return a statement that starts a child that does these, and keeps its pid in a file once it has."""
    child = "\n".join(
        [
            *statements,
            "import os, pathlib",
            f"pathlib.Path({str(pid_file)!r}).write_text(str(os.getpid()))",
            WAIT,
        ]
    )
    return (
        f"import pathlib, subprocess, sys; subprocess.Popen([sys.executable, '-c', {child!r}])\n"
        f"while not (p := pathlib.Path({str(pid_file)!r})).exists() or not p.read_text(): pass"
    )


def runs(pid: int) -> bool:
    """Tell whether there is a living process with this pid."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
