"""What is made once for the tests of the emulator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.pipeline.local.emulator.pairs import RegionPair


@pytest.fixture(scope="session")
def region_pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegionPair]:
    pair = RegionPair(tmp_path_factory.mktemp("region-pair"))
    pair.start()
    yield pair
    pair.stop()
