"""After a thaw a Region does not do what clients that are long gone had asked of it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.clouds import Stack
from tests.pipeline.local.emulator.served import WritingApi

CLIENTS = 20


@contextmanager
def frozen(region: LoneRegion) -> Iterator[None]:
    region.service.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        region.service.signal(signal.SIGCONT)


def abandon(url: str) -> str:
    try:
        return str(httpx.post(url, json={}, timeout=0.3, trust_env=False).status_code)
    except httpx.TimeoutException:
        return "gone"


def test_requests_that_were_given_up_in_a_freeze_are_not_executed(
    lone_region: LoneRegion, tmp_path: Path
) -> None:
    api, file = WritingApi(Stack(lone_region), lone_region.place.aws_url), tmp_path / "written"
    assert httpx.post(api.url(file, "before"), trust_env=False, timeout=20).status_code == 200
    with frozen(lone_region), ThreadPoolExecutor(CLIENTS) as clients:
        ends = list(clients.map(lambda n: abandon(api.url(file, f"during-{n}")), range(CLIENTS)))
    assert ends == ["gone"] * CLIENTS
    # Whatever was to come of them came to the server before this did.
    for _ in range(3):
        assert httpx.post(api.url(file, "after"), trust_env=False, timeout=20).status_code == 200
    assert file.read_text().split() == ["before", "after", "after", "after"]


def test_a_client_that_waits_through_a_freeze_is_served(lone_region: LoneRegion, tmp_path: Path) -> None:
    api, file = WritingApi(Stack(lone_region), lone_region.place.aws_url), tmp_path / "written"
    with ThreadPoolExecutor(1) as clients:
        with frozen(lone_region):
            waiting = clients.submit(httpx.post, api.url(file, "patient"), trust_env=False, timeout=20)
            with pytest.raises(TimeoutError):
                waiting.result(0.3)
        assert waiting.result().status_code == 200
    assert file.read_text().split() == ["patient"]
