"""The processes that make up the platform: started apart from the terminal, known by pid and start time."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from pipeline.local.errors import LocalError
from pipeline.local.layout import HOST

START_DEADLINE_S = 30.0
STOP_DEADLINE_S = 15.0
POLL_S = 0.02

# Python warns of a child that is forgotten while it runs; these are meant to outlive it.
_children: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True, kw_only=True)
class Service:
    """One process of the platform.

    Args:
        name: how it is called in messages and files.
        command: what runs, as a list.
        ports: what it listens on, on loopback.
        folder: where its log and its pid are kept.
        ready: tells whether it answers.
    """

    name: str
    command: Sequence[str]
    ports: Sequence[int]
    folder: Path
    cwd: Path
    ready: Callable[[], bool]

    @property
    def log(self) -> Path:
        """The file that takes its output."""
        return self.folder / f"{self.name}.log"

    @property
    def process(self) -> psutil.Process | None:
        """The process if it runs, and is the one that was started here, not another with its pid."""
        try:
            kept = json.loads(self._pid_file.read_text())
            process = psutil.Process(kept["pid"])
            if process.create_time() == kept["created"] and not _ended(process):
                return process
        except (OSError, ValueError, KeyError, TypeError, psutil.Error):
            pass
        return None

    def require_ports(self) -> None:
        """Return if the process can listen on its ports.

        Raises:
            LocalError: one of them is taken by another program.
        """
        for port in self.ports:
            _require_free(port)

    def start(self, environment: Mapping[str, str]) -> None:
        """Start the process; it goes on when this program and its terminal are gone."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            child = subprocess.Popen(  # noqa: S603 - our own command
                self.command,
                cwd=self.cwd,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _children.append(child)
        kept = {"pid": child.pid, "created": psutil.Process(child.pid).create_time()}
        self._pid_file.write_text(json.dumps(kept))

    def await_ready(self) -> None:
        """Return when the process answers.

        Raises:
            LocalError: it ended, or did not answer in time; its last words are in the message.
        """
        deadline = time.monotonic() + START_DEADLINE_S
        while not self.ready():
            if self.process is None:
                raise LocalError(f"{self.name} stopped while it started: {self.last_words()} ({self.log})")
            if time.monotonic() > deadline:
                raise LocalError(f"{self.name} did not answer in {START_DEADLINE_S:.0f} s; see {self.log}")
            time.sleep(POLL_S)

    def ask_to_stop(self) -> Sequence[psutil.Process]:
        """Ask the process to save and end; return it and all that it started, for `await_stopped`."""
        process, family = self.process, []
        if process is not None:
            with suppress(psutil.NoSuchProcess, ProcessLookupError):
                family = [process, *process.children(recursive=True)]
                os.killpg(process.pid, signal.SIGCONT)
                process.terminate()
        return family

    def await_stopped(self, family: Sequence[psutil.Process]) -> None:
        """Return when all of these, which were asked, have ended; what does not end in time is killed."""
        deadline = time.monotonic() + STOP_DEADLINE_S
        while left := [member for member in family if not _ended(member)]:
            if time.monotonic() > deadline:
                for straggler in left:
                    with suppress(psutil.NoSuchProcess):
                        straggler.kill()
            time.sleep(POLL_S)
        _children[:] = [child for child in _children if child.poll() is None]
        self._pid_file.unlink(missing_ok=True)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process and all that it started, as a drill does.

        Raises:
            LocalError: it does not run.
        """
        process = self.process
        if process is None:
            raise LocalError(f"{self.name} does not run")
        os.killpg(process.pid, number)

    def last_words(self) -> str:
        """Return the last line of the log, or that there is none."""
        try:
            lines = self.log.read_text(errors="replace").splitlines()
        except OSError:
            lines = []
        return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")

    @property
    def _pid_file(self) -> Path:
        return self.folder / f"{self.name}.pid"


def _ended(process: psutil.Process) -> bool:
    """Tell whether it runs no more; nobody may ever ask after a child of a parent that is gone."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise LocalError(
                f"Port {port} on {HOST} is taken by another program: end that, "
                "or choose other ports with `make up PORT=9080`."
            ) from error
