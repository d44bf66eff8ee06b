"""The watchdog undoes what a dead drill left, again and again if need be, and leaves a living one alone."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from pipeline.drill import watchdog as module
from pipeline.drill.aws import watchdog as aws
from pipeline.drill.diary import read
from pipeline.drill.disturbance import Disturbance, Kind
from pipeline.drill.faults import FaultError
from pipeline.drill.local import watchdog as local
from pipeline.drill.performance import Folder
from pipeline.drill.step import Role
from pipeline.drill.watchdog import BY_HAND, FINISHED, Drill, Watchdog
from tests.pipeline.local.processes import python, runs
from tests.waiting import eventually

HEED_NO_INTERRUPT = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"


class Drilling:
    """A process that stands for a drill, and all that its watchdog says and does."""

    def __init__(self, path: Path) -> None:
        self.folder = Folder(path=path / "drill")
        self.folder.path.mkdir()
        self.ready = path / "ready"
        self.said: list[str] = []
        self.restored = 0
        self.resists = 0
        self._children: list[subprocess.Popen[bytes]] = []

    def run(self, *statements: str) -> Drill:
        child = subprocess.Popen(  # noqa: S603 - our own command
            python(*statements, ready=self.ready), stderr=subprocess.DEVNULL
        )
        self._children.append(child)
        eventually(self.ready.exists)
        return Drill(pid=child.pid, started=psutil.Process(child.pid).create_time())

    def kill(self) -> None:
        for child in self._children:
            child.kill()
            child.wait()

    def finish(self) -> None:
        (self.folder.path / FINISHED).touch()

    def watchdog(self, drill: Drill, *, until: float = 9e9, restore_s: float = 60) -> Watchdog:
        return Watchdog(
            folder=self.folder,
            drill=drill,
            until=until,
            restore=self._restore,
            by_hand="turn it off and on again.",
            say=self.said.append,
            restore_s=restore_s,
            retry_s=0.01,
        )

    def _restore(self) -> None:
        if self.resists:
            self.resists -= 1
            raise FaultError("The primary Region resists.")
        self.restored += 1

    @property
    def restored_by(self) -> Sequence[str]:
        return [line.restored.by for line in read(self.folder.diary) if line.restored]


@pytest.fixture(autouse=True)
def polls_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POLL_S", 0.01)
    monkeypatch.setattr(module, "GRACE_S", 0.5)


@pytest.fixture
def drilling(tmp_path: Path) -> Iterator[Drilling]:
    found = Drilling(tmp_path)
    yield found
    found.kill()


def watched(watchdog: Watchdog, meanwhile: Callable[[], None]) -> bool:
    """Watch in a thread, do something meanwhile, and return what the watchdog came to."""
    came_to: list[bool] = []
    thread = threading.Thread(target=lambda: came_to.append(watchdog.watch()))
    thread.start()
    meanwhile()
    thread.join(30)
    return came_to[0]


def test_a_drill_that_finished_is_left_alone(drilling: Drilling) -> None:
    watchdog = drilling.watchdog(drilling.run())
    assert watched(watchdog, drilling.finish)
    assert (drilling.restored, drilling.said, drilling.restored_by) == (0, [], [])


def test_what_a_dead_drill_left_is_undone_and_that_is_on_record(drilling: Drilling) -> None:
    watchdog = drilling.watchdog(drilling.run())
    assert watched(watchdog, drilling.kill)
    assert (drilling.restored, drilling.restored_by) == (1, ["watchdog"])
    assert drilling.said == ["the drill died", "all is as it was"]


class Looked(Drill):
    """A drill that lives while it is looked at five times; `drilling.restored` is noted at each look."""

    drilling: Drilling
    seen: list[int]

    @property
    def process(self) -> psutil.Process | None:
        self.seen.append(self.drilling.restored)
        return psutil.Process() if len(self.seen) < 5 else None


def test_nothing_is_undone_while_the_drill_lives(drilling: Drilling) -> None:
    Looked.drilling, Looked.seen = drilling, []
    assert drilling.watchdog(Looked(pid=0, started=0)).watch()
    assert set(Looked.seen) == {0}
    assert drilling.restored == 1


def test_another_process_with_the_drills_pid_is_not_the_drill(drilling: Drilling) -> None:
    created = psutil.Process(os.getpid()).create_time()
    drill = Drill(pid=os.getpid(), started=created - 60)
    assert drill.process is None
    assert drilling.watchdog(drill).watch()
    assert drilling.restored == 1


def test_a_drill_that_nobody_has_waited_for_yet_is_dead(drilling: Drilling) -> None:
    drill = drilling.run()
    psutil.Process(drill.pid).kill()
    assert drilling.watchdog(drill).watch()
    assert drilling.restored == 1


def test_one_that_finished_and_died_between_two_looks_is_left_alone(drilling: Drilling) -> None:
    drill = drilling.run()
    drilling.finish()
    drilling.kill()
    assert drilling.watchdog(drill).watch()
    assert drilling.restored == 0


@pytest.mark.parametrize("statements", [(), (HEED_NO_INTERRUPT,)])
def test_a_drill_that_takes_too_long_is_ended_first(drilling: Drilling, statements: tuple[str, ...]) -> None:
    drill = drilling.run(*statements)
    assert drilling.watchdog(drill, until=time.time() - 1).watch()
    assert not runs(drill.pid)
    assert (drilling.restored, drilling.said[0]) == (1, "the drill takes too long: it is ended")


def test_one_that_heals_itself_when_it_is_ended_is_left_to_that(drilling: Drilling) -> None:
    finished = str(drilling.folder.path / FINISHED)
    heals = f"lambda *_: (pathlib.Path({finished!r}).touch(), sys.exit())"
    drill = drilling.run(f"import pathlib, signal, sys; signal.signal(signal.SIGINT, {heals})")
    assert drilling.watchdog(drill, until=time.time() - 1).watch()
    assert drilling.restored == 0


def test_what_resists_is_tried_again(drilling: Drilling) -> None:
    drill, drilling.resists = drilling.run(), 3
    assert watched(drilling.watchdog(drill), drilling.kill)
    assert (drilling.restored, drilling.said.count("not restored: The primary Region resists.")) == (1, 3)


def test_what_resists_to_the_end_is_left_with_a_message(drilling: Drilling) -> None:
    drilling.folder.disturbances.add(Disturbance(kind=Kind.STOPPED, role=Role.PRIMARY))
    drill, drilling.resists = drilling.run(), 10**9
    assert not watched(drilling.watchdog(drill, restore_s=0.05), drilling.kill)
    message = (drilling.folder.path / BY_HAND).read_text()
    assert "The primary Region resists." in message
    assert "still disturbed: stopped (primary)" in message
    assert "By hand: turn it off and on again." in message
    assert drilling.restored_by == []


@pytest.mark.parametrize(("module", "own"), [(local.MODULE, "--time-scale"), (aws.MODULE, "--deployment")])
def test_its_arguments_are_all_needed(module: str, own: str) -> None:
    found = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", module], capture_output=True, text=True, check=False
    )
    assert found.returncode == 2
    assert {"--started", "--until", own} <= set(found.stderr.replace(",", " ").split())


@pytest.mark.parametrize(
    ("by_hand", "says"), [(local.BY_HAND, "make down"), (aws.BY_HAND, "pipeline.runbook")]
)
def test_each_place_says_what_helps_there(by_hand: str, says: str) -> None:
    assert says in by_hand
