"""One drill at a time holds a platform, until whoever it started has put that right."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.drill.faults import FaultError
from pipeline.drill.guard import watched_by
from pipeline.drill.lock import drilling, held
from pipeline.drill.performance import Folder

CAT = shutil.which("cat") or "cat"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "drill.lock"


def test_a_second_drill_is_refused(file: Path) -> None:
    with drilling(file), pytest.raises(FaultError, match="Another drill holds this platform"), drilling(file):
        pass


def test_the_next_drill_may_begin_when_one_has_ended(file: Path) -> None:
    with pytest.raises(KeyboardInterrupt), drilling(file):
        raise KeyboardInterrupt
    assert held() == ()
    with drilling(file):
        assert len(held()) == 1


def test_another_platform_may_be_drilled_meanwhile(file: Path, tmp_path: Path) -> None:
    with drilling(file), drilling(tmp_path / "another" / "drill.lock"):
        assert len(held()) == 2


def test_a_process_that_is_given_it_holds_it_until_that_has_ended(file: Path) -> None:
    with drilling(file):
        watchdog = subprocess.Popen([CAT], stdin=subprocess.PIPE, pass_fds=held())  # noqa: S603 - our own command
    with watchdog, pytest.raises(FaultError, match="being put right"), drilling(file):
        pass
    with drilling(file):
        assert watchdog.returncode == 0


def test_the_watchdog_of_a_drill_is_given_it(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[int, ...]] = []

    def start(*_: object, pass_fds: tuple[int, ...], **_options: object) -> SimpleNamespace:
        given.append(pass_fds)
        return SimpleNamespace(wait=lambda _: 0)

    with drilling(file), monkeypatch.context() as patches:
        patches.setattr(subprocess, "Popen", start)
        with watched_by("a.watchdog", cap_s=60)(Folder(path=tmp_path / "drill")):
            assert given == [held()]
            assert len(held()) == 1
