"""What the functions of recovery print."""

import io
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics

from lambdas.recovery import bootstrap
from lambdas.recovery.telemetry import Gauges


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[dict[str, Any]]]:
    """The lines that were logged so far."""
    log = io.StringIO()
    # A service of its own: powertools would hand out the logger, and the stream, of an earlier test.
    logger = Logger(service=f"users-{uuid4()}", stream=log, location=None)
    gauges = Gauges(logger, EphemeralMetrics(namespace="Users", service="users"))
    monkeypatch.setattr(bootstrap, "gauges", lambda: gauges)
    return lambda: [json.loads(line) for line in log.getvalue().splitlines()]
