"""A drill leaves the place as it was found, however it ends."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from pipeline.drill.disturbance import Disturbance, Disturbances
from pipeline.drill.faults import FaultError
from pipeline.drill.performance import Folder
from pipeline.drill.probes import ProbeError
from pipeline.drill.scenarios import FROZEN
from pipeline.drill.step import Do, Fault, Role, Step
from tests.pipeline.drill.performing import LEAVES_ALL, UNDONE, drill, is_as_it_was, perform, restored_by
from tests.pipeline.drill.short import FENCE, STOP, in_no_time, short
from tests.pipeline.drill.staged import Staged


@pytest.fixture
def staged(monkeypatch: pytest.MonkeyPatch) -> Staged:
    in_no_time(monkeypatch)
    return Staged()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(path=tmp_path / "drill")


def test_what_no_step_undid_is_undone_at_the_end(staged: Staged, folder: Folder) -> None:
    perform(staged, folder, short(STOP, FENCE))
    assert staged.done[-3:] == [*UNDONE[:2], "guard is left"]
    assert folder.disturbances.all == []
    assert restored_by(folder) == ["drill"]


def test_all_is_undone_after_a_step_that_failed_whose_error_comes_out_as_it_is(
    staged: Staged, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def blind() -> Role:
        raise ProbeError("nothing to be seen")

    monkeypatch.setattr(staged.probes, "answered", blind)
    look = Step(do=Do.AWAIT_ANSWERED, role=Role.SECONDARY, seconds=1, why="It turns.")
    with pytest.raises(ProbeError, match="nothing to be seen"):
        perform(staged, folder, short(STOP, FENCE, look))
    assert is_as_it_was(staged, folder)


def test_all_is_undone_after_a_client_that_failed(staged: Staged, folder: Folder) -> None:
    class Leads:
        def __radd__(self, other: object) -> str:
            raise AssertionError

        def __add__(self, path: str) -> str:
            if FENCED in staged.done:
                raise LookupError(path)
            return f"http://127.0.0.1:1{path}"

    FENCED = "fenced REGION#eu-central-1 in eu-central-1"  # noqa: N806
    staged.probes.url = Leads()  # type: ignore[assignment]
    with pytest.raises(LookupError):
        perform(staged, folder, LEAVES_ALL)
    assert is_as_it_was(staged, folder)


def test_all_is_undone_after_an_interruption(staged: Staged, folder: Folder) -> None:
    async def interrupted() -> None:
        def tell(line: str) -> None:
            if "carry-on" in line:
                task.cancel()

        task = asyncio.create_task(drill(staged, folder, LEAVES_ALL, tell).perform())
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(interrupted())
    assert is_as_it_was(staged, folder)


def test_what_is_being_broken_when_the_interruption_comes_is_undone_after_that(
    staged: Staged, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    inject = staged.faults.inject

    async def interrupted() -> None:
        loop, long_after = asyncio.get_running_loop(), threading.Event()

        def interrupt() -> None:
            task.cancel()
            loop.call_later(0.05, long_after.set)

        def slowly(fault: Fault) -> float | None:
            loop.call_soon_threadsafe(interrupt)
            long_after.wait()
            return inject(fault)

        monkeypatch.setattr(staged.faults, "inject", slowly)
        task = asyncio.create_task(drill(staged, folder, short()).perform())
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(interrupted())
    assert staged.done[-3:] == [f"inject {FROZEN}", f"undo {FROZEN}", "guard is left"]
    assert folder.disturbances.all == []


def test_what_resists_is_left_on_record_for_the_guard(staged: Staged, folder: Folder) -> None:
    staged.faults.resists = {FROZEN}
    with pytest.raises(FaultError, match="region-frozen"):
        perform(staged, folder, short(STOP))
    assert [each.fault for each in folder.disturbances.all] == [FROZEN]
    assert restored_by(folder) == []
    assert staged.done[-2:] == [UNDONE[1], "guard is left"]


def test_a_full_disk_keeps_nothing_from_being_undone(
    staged: Staged, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: Disturbances, _disturbance: Disturbance) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Disturbances, "remove", full)
    with pytest.raises(OSError, match="No space left"):
        perform(staged, folder, short(STOP, FENCE))
    assert staged.done[-4:] == [*UNDONE, "guard is left"]


def test_nobody_has_to_listen_for_all_to_be_undone(staged: Staged, folder: Folder) -> None:
    def closed(line: str) -> None:
        if "carry-on" in line or "putting right" in line:
            raise BrokenPipeError(32, "Broken pipe")

    with pytest.raises(BrokenPipeError):
        asyncio.run(drill(staged, folder, LEAVES_ALL, closed).perform())
    assert is_as_it_was(staged, folder)
