"""A drill that is made up, and its page."""

from __future__ import annotations

import pytest

from pipeline.drill.report.drilled import Drilled
from pipeline.drill.report.page import render
from tests.pipeline.drill.report.course import Course


@pytest.fixture(scope="module")
def drilled() -> Drilled:
    return Course(time_scale=10).drilled()


@pytest.fixture(scope="module")
def html(drilled: Drilled) -> str:
    return render(drilled)
