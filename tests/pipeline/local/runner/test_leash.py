"""A command ends with whoever started it: when that one cancels it, and when that one is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.local.layout import ROOT
from pipeline.local.runner import leash
from tests.pipeline.local.processes import HEED_NOTHING, python, runs, with_child
from tests.waiting import eventually


def run(tmp_path: Path, command: list[str]) -> int:
    return asyncio.run(leash.run(command, cwd=tmp_path, environment=os.environ, log=tmp_path / "log"))


async def cancelled(tmp_path: Path, command: list[str], ready: Path) -> None:
    task = asyncio.ensure_future(
        leash.run(command, cwd=tmp_path, environment=os.environ, log=tmp_path / "log")
    )
    await asyncio.to_thread(eventually, ready.exists)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def noting_its_pid(tmp_path: Path) -> str:
    return f"import os, pathlib; pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))"


def test_the_status_is_the_commands_and_its_output_is_added_to_the_log(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("before\n")
    assert run(tmp_path, ["sh", "-c", 'echo "$0 $1"; pwd >&2; cat; exit 7', "a b", "c"]) == 7
    assert (tmp_path / "log").read_text() == f"before\na b c\n{tmp_path}\n"


def test_what_a_command_left_behind_ends_with_it(tmp_path: Path) -> None:
    child = tmp_path / "child.pid"
    assert run(tmp_path, [sys.executable, "-c", with_child(child)]) == 0
    eventually(lambda: not runs(int(child.read_text())))


def test_a_cancelled_command_is_asked_and_given_the_time_to_heal(tmp_path: Path) -> None:
    healing = (
        "import pathlib, signal, sys, time\n"
        "def heal(*_):\n time.sleep(0.2); pathlib.Path('healed').touch(); sys.exit()\n"
        "signal.signal(signal.SIGTERM, heal)"
    )
    asyncio.run(cancelled(tmp_path, python(healing, ready=tmp_path / "ready"), tmp_path / "ready"))
    assert (tmp_path / "healed").exists()


def test_a_cancelled_command_that_heeds_nothing_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leash, "GRACE_S", 0)
    command = python(HEED_NOTHING, noting_its_pid(tmp_path), ready=tmp_path / "ready")
    asyncio.run(cancelled(tmp_path, command, tmp_path / "ready"))
    eventually(lambda: not runs(int((tmp_path / "pid").read_text())))


@pytest.mark.parametrize("statement", ["pass", HEED_NOTHING])
def test_nothing_goes_on_when_the_one_who_started_it_is_killed(tmp_path: Path, statement: str) -> None:
    command = python(statement, noting_its_pid(tmp_path), ready=tmp_path / "ready")
    program = (
        "import asyncio, os, pathlib\nfrom pipeline.local.runner import leash\nleash.GRACE_S = 0\n"
        f"asyncio.run(leash.run({command!r}, cwd=pathlib.Path({str(tmp_path)!r}), environment=os.environ, "
        f"log=pathlib.Path({str(tmp_path / 'log')!r})))"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT) as started:  # noqa: S603 - ours
        eventually((tmp_path / "ready").exists)
        os.kill(started.pid, signal.SIGKILL)
    eventually(lambda: not runs(int((tmp_path / "pid").read_text())))
