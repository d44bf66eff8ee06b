"""A platform to push to, real or played, and a process that is after each test as it was before."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.local.layout import Layout
from pipeline.local.runner.carrying import SIGNALS
from tests.pipeline.local.runner.played_platform import PlayedPlatform
from tests.pipeline.local.runner.pushable import pushable


@pytest.fixture(autouse=True)
def signals_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlayedPlatform:
    return PlayedPlatform(tmp_path, monkeypatch)


@pytest.fixture
def cloned(tmp_path: Path) -> tuple[Layout, str]:
    """A platform's layout with a clone of its own, and the commit that is checked out there."""
    return pushable(tmp_path)


@pytest.fixture
def layout(cloned: tuple[Layout, str]) -> Layout:
    return cloned[0]


@pytest.fixture
def commit(cloned: tuple[Layout, str]) -> str:
    return cloned[1]
