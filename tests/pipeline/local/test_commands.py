"""A command's failure is told in its own last words, and nothing of it outlives this program."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psutil
import pytest

from pipeline.local import commands
from pipeline.local.errors import LocalError
from tests.pipeline.local.processes import HEED_NOTHING, python, runs, with_child
from tests.waiting import eventually


def run(tmp_path: Path, script: str) -> Path:
    log = tmp_path / "logs" / "command.log"
    commands.run([sys.executable, "-c", script], cwd=tmp_path, environment={"GREETING": "hello"}, log=log)
    return log


def test_output_is_kept_in_the_log(tmp_path: Path) -> None:
    log = run(
        tmp_path, "import os, sys; print(os.environ['GREETING'], flush=True); print('err', file=sys.stderr)"
    )
    assert log.read_text().splitlines() == ["hello", "err"]


def test_it_runs_in_the_folder_without_input(tmp_path: Path) -> None:
    log = run(tmp_path, "import os, sys; print(os.getcwd(), repr(sys.stdin.read()))")
    assert log.read_text() == f"{tmp_path} ''\n"


def test_a_failure_shows_its_status_and_last_lines(tmp_path: Path) -> None:
    with pytest.raises(LocalError) as caught:
        run(tmp_path, "for n in range(20): print('line', n, '\\n')\nraise SystemExit(3)")
    first, *lines, last = str(caught.value).splitlines()
    assert first.startswith(f"This failed with status 3: {sys.executable} -c ")
    assert [line.strip() for line in lines[-commands.LAST_LINES :]] == [f"line {n}" for n in range(8, 20)]
    assert last == f"  (all of it: {tmp_path}/logs/command.log)"


def test_a_failure_without_a_word_says_so(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="it said nothing"):
        run(tmp_path, "raise SystemExit(1)")


def test_an_interruption_ends_the_whole_group(tmp_path: Path) -> None:
    ready, child = tmp_path / "ready", tmp_path / "child.pid"
    command = python(with_child(child), ready=ready)
    with (
        pytest.raises(KeyboardInterrupt),
        commands.started(command, cwd=tmp_path, environment=os.environ, log=tmp_path / "log") as process,
    ):
        eventually(ready.exists)
        raise KeyboardInterrupt
    assert process.returncode is not None
    eventually(lambda: not runs(int(child.read_text())))


def test_an_interruption_ends_a_stubborn_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "END_DEADLINE_S", 0.05)
    ready = tmp_path / "ready"
    command = python(HEED_NOTHING, ready=ready)
    with (
        pytest.raises(KeyboardInterrupt),
        commands.started(command, cwd=tmp_path, environment=os.environ, log=tmp_path / "log") as process,
    ):
        eventually(ready.exists)
        raise KeyboardInterrupt
    assert not psutil.pid_exists(process.pid)


def test_what_a_command_left_behind_ends_with_it(tmp_path: Path) -> None:
    child = tmp_path / "child.pid"
    run(tmp_path, with_child(child))
    eventually(lambda: not runs(int(child.read_text())))


@pytest.mark.parametrize(
    "complaint", ["npm error code ENOSPC", "OSError: [Errno 28] No space left on device"]
)
def test_a_full_disk_is_one_sentence(tmp_path: Path, complaint: str) -> None:
    with pytest.raises(LocalError, match=r"^The disk is full: free some space, then run .* again") as caught:
        run(tmp_path, f"print({complaint!r})\nprint('a trace')\nraise SystemExit(1)")
    assert "\n" not in str(caught.value)
