"""A Region that lost everything begins again with nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.drill.faults import FaultError
from pipeline.drill.local.faults import LocalFaults
from pipeline.drill.step import Fault, FaultKind, Role
from pipeline.local import control, platform
from pipeline.local.layout import Layout
from tests.conftest import LoneRegion

LOST = Fault(kind=FaultKind.REGION_LOST, role=Role.PRIMARY)


class Mortal:
    """A Region of its own that may lose everything, and what brings it back."""

    def __init__(self, folder: Path) -> None:
        self.region = LoneRegion(folder / "state")
        self.rebuilt = 0
        self.region.start()
        self.faults = LocalFaults(self.region.layout, folder / "drill", rebuild=self.rebuild)

    def rebuild(self, layout: Layout, _progress: Any) -> bool:  # noqa: ANN401
        self.rebuilt += 1
        if platform.region_service(layout, layout.primary).process is None:
            self.region.start()
        return True


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Mortal]:
    found = Mortal(tmp_path)
    yield found
    found.region.stop()


def test_a_lost_region_has_nothing_left_and_is_rebuilt(mortal: Mortal) -> None:
    status = control.status(mortal.region.place)
    assert status is not None
    mortal.faults.prepare(LOST)
    mortal.faults.inject(LOST)
    assert mortal.region.service.process is None
    assert not mortal.region.journal.exists()
    assert mortal.faults.learnt.was_lost(Role.PRIMARY)
    mortal.faults.undo(LOST)
    after = control.status(mortal.region.place)
    assert after is not None
    assert after["journal"] != status["journal"]
    assert not list(mortal.region.layout.state.glob("primary.lost-*"))
    mortal.faults.undo(LOST)
    again = control.status(mortal.region.place)
    assert again is not None
    assert (again["journal"], mortal.rebuilt) == (after["journal"], 2)


def test_a_rebuild_waits_for_no_other_command_but_says_so(mortal: Mortal) -> None:
    with (
        platform.exclusive(mortal.region.layout),
        pytest.raises(FaultError, match="Another command is changing the platform"),
    ):
        mortal.faults.undo(LOST)
    assert mortal.rebuilt == 0
