"""What the runner changes in the process that it runs in is as before after each test."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from pipeline.local.runner.carrying import SIGNALS


@pytest.fixture(autouse=True)
def signals_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
