"""The platform as `make up` starts it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.platform import Platform


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    platform = Platform(tmp_path_factory.mktemp("platform"))
    platform.up()
    yield platform
    assert platform.make("down").returncode == 0


@pytest.fixture
def platform(running: Platform) -> Iterator[Platform]:
    """The platform, whole again after a test that broke a part of it."""
    yield running
    if any(running.service(region).process is None for region in running.layout.regions):
        running.up()


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=20) as client:
        yield client
