"""A drill that dies does so in a process of its own, which is told all that it needs."""

from __future__ import annotations

import asyncio
import signal
import stat
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.drill import diary
from pipeline.drill.diary import Diary, Line, Restored
from pipeline.drill.faults import FaultError
from pipeline.drill.local import venue
from pipeline.drill.local.venue import LocalVenue
from pipeline.drill.performance import Folder
from pipeline.drill.scenario import Scenario
from pipeline.drill.scenarios import FROZEN
from pipeline.drill.step import Fault
from pipeline.local.layout import Layout
from tests.pipeline.drill.short import BREAK, DIE, guard, in_no_time, short
from tests.pipeline.drill.staged import Staged
from tests.ports import free_ports

DYING = replace(short(), name="drill-killed", steps=(BREAK, DIE))


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(port=free_ports(6), state=tmp_path / "state")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "drill").mkdir()
    return Folder(path=tmp_path / "drill")


class Child:
    """What runs in place of the drill that dies: a program that does these statements."""

    def __init__(self, path: Path, layout: Layout, folder: Folder) -> None:
        self._program = path / "program"
        self._python = sys.executable
        self.layout = layout
        self.folder = folder
        self.told: list[str] = []

    def does(self, monkeypatch: pytest.MonkeyPatch, *statements: str) -> None:
        lines = [f"#!{self._python} -SE", "import os, signal, sys", *statements, ""]
        self._program.write_text("\n".join(lines))
        self._program.chmod(self._program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(sys, "executable", str(self._program))

    async def perform(self) -> None:
        here = LocalVenue(layout=self.layout, time_scale=2.5)
        await here.perform_and_die(DYING, self.folder, self.told.append)

    def restored(self) -> None:
        Diary(self.folder.diary).add(Line(restored=Restored(at=1.0, by="watchdog")))


@pytest.fixture
def child(tmp_path: Path, layout: Layout, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Child:
    monkeypatch.setattr(venue, "LOOK_S", 0.001)
    return Child(tmp_path, layout, folder)


DIES = "os.kill(os.getpid(), signal.SIGKILL)"


def test_the_drill_that_dies_is_told_all_that_it_needs(child: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    child.does(monkeypatch, "print(*sys.argv[1:], flush=True)", DIES)
    child.restored()
    asyncio.run(child.perform())
    arguments = f"-m pipeline.drill.local.venue drill-killed {child.folder.path}"
    assert child.told == [
        f"{arguments} {child.layout.port} {child.layout.state} 2.5",
        "the drill is dead; its watchdog takes over",
    ]


@pytest.mark.parametrize(
    ("end", "status"), [("sys.exit(3)", "3"), ("os.kill(os.getpid(), signal.SIGTERM)", "-15")]
)
def test_one_that_ends_in_another_way_is_an_error(
    child: Child, monkeypatch: pytest.MonkeyPatch, end: str, status: str
) -> None:
    child.does(monkeypatch, end)
    child.restored()
    with pytest.raises(FaultError, match=f"to be killed, and ended with {status}"):
        asyncio.run(child.perform())


def test_what_it_left_is_waited_for_until_the_watchdog_has_restored_it(
    child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []

    def read(_path: Path) -> Sequence[Line]:
        looks.append(1)
        return [Line(restored=Restored(at=1.0, by="watchdog"))] if len(looks) == 3 else []

    child.does(monkeypatch, DIES)
    monkeypatch.setattr(diary, "read", read)
    asyncio.run(child.perform())
    assert len(looks) == 3


def test_nobody_who_restores_it_is_an_error(child: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(venue, "RESTORED_S", 0)
    child.does(monkeypatch, DIES)
    with pytest.raises(FaultError, match=r"Nobody put right what .*/drill disturbed. By hand: make down"):
        asyncio.run(child.perform())


def test_an_interruption_is_passed_on_and_it_may_heal(child: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    healed = child.folder.path / "healed"
    child.does(
        monkeypatch,
        f"signal.signal(signal.SIGINT, lambda *_: (open({str(healed)!r}, 'a').write('x'), sys.exit(130)))",
        "print(os.getsid(0) == os.getpid(), flush=True)",
        "while True: signal.pause()",
    )

    async def interrupted() -> None:
        task = asyncio.create_task(child.perform())
        while not child.told:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(interrupted())
    assert healed.read_text() == "x"
    assert child.told == ["True"]  # Ctrl-C at a terminal does not reach it, or it would come twice


class Process:
    """The process of a drill that dies, without dying: what it performs, on a stage."""

    def __init__(self, layout: Layout, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
        in_no_time(monkeypatch)
        self.staged = Staged()
        scenarios = {"drill-killed": short()}
        monkeypatch.setattr(venue, "named", scenarios.__getitem__)
        monkeypatch.setattr(venue, "local_place", lambda *_: self.staged.place)
        monkeypatch.setattr(LocalVenue, "guard", self._guard)
        arguments = ["drill-killed", str(folder.path), str(layout.port), str(layout.state), "10.0"]
        monkeypatch.setattr(sys, "argv", ["venue", *arguments])
        self.venues: list[LocalVenue] = []

    def _guard(self, scenario: Scenario) -> object:
        assert scenario == short()
        return guard(self.staged)


@pytest.fixture
def process(layout: Layout, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Process:
    return Process(layout, folder, monkeypatch)


def test_the_process_performs_under_guard_and_tells_its_steps(
    process: Process, capsys: pytest.CaptureFixture[str]
) -> None:
    venue.main()
    assert capsys.readouterr().out == "1/2 break: It breaks.\n2/2 heal: It is mended.\n"
    assert process.staged.done[1:] == [
        "guard is set",
        f"inject {FROZEN}",
        f"undo {FROZEN}",
        "guard is left",
    ]


def test_the_process_ends_with_a_sentence_where_a_fault_fails(process: Process) -> None:
    process.staged.faults.resists = {FROZEN}
    with pytest.raises(SystemExit, match="region-frozen"):
        venue.main()


def test_the_process_heals_when_it_is_interrupted(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_fault: Fault) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(process.staged.faults, "inject", interrupt)
    with pytest.raises(SystemExit) as ended:
        venue.main()
    assert ended.value.code == 130
    assert process.staged.done[-2:] == [f"undo {FROZEN}", "guard is left"]
