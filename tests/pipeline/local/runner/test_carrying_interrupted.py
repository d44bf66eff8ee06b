"""The runner hears signals, and asks whoever sits at the terminal."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading

import pytest

from pipeline.local.errors import LocalError
from pipeline.local.layout import ROOT
from pipeline.local.runner import carrying
from pipeline.local.runner.record import Record

# A job in the background is started deaf to SIGINT, and one that is to outlast its terminal to SIGHUP.
CLEARS_UP = """
import asyncio, signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
from pipeline.local.runner import carrying
async def work():
    for _ in range(4):
        print("ready", flush=True)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError as error:
            asyncio.current_task().uncancel()
            print(error.args[0], flush=True)
    return "done"
print(carrying.interruptible(work))
"""


def test_every_signal_interrupts_the_work_as_often_as_it_comes_even_a_job_that_was_deaf_to_it() -> None:
    command = [sys.executable, "-c", CLEARS_UP]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        limit = threading.Timer(20, process.kill)
        limit.start()
        try:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                assert process.stdout.readline() == "ready\n"
                process.send_signal(number)
                assert process.stdout.readline() == f"{signal.strsignal(number)}\n"
            assert process.stdout.read() == "done\n"
        finally:
            limit.cancel()
            process.kill()


def test_work_that_does_not_clear_up_is_said_to_be_unfinished() -> None:
    async def work() -> Record:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(LocalError, match=r"^Not finished: Interrupt$"):
        carrying.interruptible(work)


def test_work_that_nobody_interrupts_ends_by_itself() -> None:
    record = Record.queued(commit="a", subject="", committed_at=1.0, pushed_at=1.0)

    async def work() -> Record:
        return record

    assert carrying.interruptible(work) is record


# The first terminal that the leader of a session opens becomes the session's own.
ASKS = """
import os, sys
from pipeline.local.runner import carrying
def asked():
    with carrying.somebody() as approver:
        terminal = getattr(approver, "terminal", None)
        if terminal is not None:
            os.write(terminal, b"asked")
    try:
        terminal is not None and os.fstat(terminal)
    except OSError:
        return f"{type(approver).__name__}, closed"
    return type(approver).__name__
print(asked())
os.open(sys.argv[1], os.O_RDWR)
print(asked())
"""


def test_whoever_sits_at_the_terminal_is_asked_and_nobody_without_one() -> None:
    ours, theirs = os.openpty()
    try:
        command = [sys.executable, "-c", ASKS, os.ttyname(theirs)]
        done = subprocess.run(  # noqa: S603
            command,
            cwd=ROOT,
            start_new_session=True,
            text=True,
            stdout=subprocess.PIPE,
            timeout=20,
            check=True,
        )
        assert done.stdout.splitlines() == ["Nobody", "AtTerminal, closed"]
        assert os.read(ours, 100) == b"asked"
    finally:
        os.close(theirs)
        os.close(ours)
