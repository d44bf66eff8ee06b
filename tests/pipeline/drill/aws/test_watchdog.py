"""Whoever comes after a drill on AWS that is dead undoes what is on record."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import psutil

from pipeline.config import BETA
from pipeline.drill.acts import Acts
from pipeline.drill.aws.faults import AwsFaults
from pipeline.drill.aws.guard import guard
from pipeline.drill.aws.watchdog import BY_HAND as CALLS
from pipeline.drill.diary import read
from pipeline.drill.disturbance import Disturbance, Disturbances, Kind
from pipeline.drill.faults import FaultError
from pipeline.drill.performance import Folder
from pipeline.drill.step import Fault, FaultKind, Role
from pipeline.drill.watchdog import BY_HAND, FINISHED, Drill, Watchdog
from tests.pipeline.drill.aws.account import World
from tests.waiting import eventually

STOPPED = Fault(kind=FaultKind.FUNCTIONS_STOPPED, role=Role.PRIMARY)


def dead() -> Drill:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    drill = Drill(pid=process.pid, started=psutil.Process(process.pid).create_time())
    process.kill()
    process.wait()
    return drill


def acts(world: World, disturbances: Disturbances) -> Acts:
    faults = AwsFaults(BETA, world.regions, sleep=world.sleep, clock=lambda: world.now)
    return Acts(BETA, world.regions, faults, disturbances, time_scale=100_000)


def test_what_a_dead_drill_left_is_undone_by_the_last_act_first(tmp_path: Path) -> None:
    world, folder, said = World(), Folder(path=tmp_path), list[str]()
    drill = acts(world, folder.disturbances)
    drill.inject(STOPPED)
    drill.stop(Role.PRIMARY)
    drill.fence(Role.SECONDARY)
    watchdog = Watchdog(
        folder=folder,
        drill=dead(),
        until=float("inf"),
        restore=lambda: acts(world, folder.disturbances).restore(said.append),
        by_hand=CALLS,
        say=said.append,
    )
    assert watchdog.watch()
    assert [world.state(each) for each in world.experiments] == ["stopped"]
    assert [(region, sent["MetricData"][0]["Value"]) for region, sent in world.signals] == [
        ("eu-central-1", 1),
        ("eu-central-1", 0),
    ]
    undone = [line for line in said if line.startswith("putting right")]
    assert [line.split()[2] for line in undone] == ["fenced", "stopped", "functions-stopped"]
    assert folder.disturbances.all == []
    assert [line.restored.by for line in read(folder.diary) if line.restored] == ["watchdog"]


def test_what_resists_is_left_in_writing_with_the_way_to_do_it_by_hand(tmp_path: Path) -> None:
    folder = Folder(path=tmp_path)
    folder.disturbances.add(Disturbance(kind=Kind.FENCED, role=Role.PRIMARY))

    def resist() -> None:
        raise FaultError("The account does not answer.")

    watchdog = Watchdog(
        folder=folder,
        drill=dead(),
        until=float("inf"),
        restore=resist,
        by_hand=CALLS,
        say=lambda _: None,
        restore_s=0,
        retry_s=0.01,
    )
    assert not watchdog.watch()
    message = (folder.path / BY_HAND).read_text()
    assert "The account does not answer." in message
    assert "still disturbed: fenced (primary)" in message
    assert "python -m pipeline.runbook" in message
    assert "make down" not in message


def test_a_drill_that_leaves_nothing_calls_its_watchdog_off(tmp_path: Path) -> None:
    folder = Folder(path=tmp_path)
    with guard(BETA, cap_s=60)(folder):
        found = [
            each
            for each in psutil.Process().children()
            if each.status() != psutil.STATUS_ZOMBIE and "pipeline.drill.aws.watchdog" in each.cmdline()
        ]
        (watchdog,) = found
    assert (folder.path / FINISHED).exists()
    assert not watchdog.is_running()


def test_a_drill_that_is_killed_is_outlived_by_its_watchdog_which_then_ends(tmp_path: Path) -> None:
    code = (
        "import os, signal\nfrom pathlib import Path\nfrom pipeline.config import BETA\n"
        "from pipeline.drill.aws.guard import guard\nfrom pipeline.drill.performance import Folder\n"
        f"with guard(BETA, cap_s=60)(Folder(path=Path({str(tmp_path)!r}))):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    drill = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603 - the lines above
    assert drill.returncode == -signal.SIGKILL
    folder = Folder(path=tmp_path)
    eventually(lambda: any(line.restored for line in read(folder.diary)))
    assert [line.restored.by for line in read(folder.diary) if line.restored] == ["watchdog"]
