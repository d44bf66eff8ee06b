"""Sets a watchdog on a drill on AWS."""

from __future__ import annotations

from pipeline.config import Deployment
from pipeline.drill.aws import watchdog
from pipeline.drill.guard import watched_by
from pipeline.drill.performance import Guard


def guard(deployment: Deployment, *, cap_s: float) -> Guard:
    """Return what guards a drill on AWS, by a process here that ends it after `cap_s` seconds.

    It has the credentials of this one. Raises OSError.
    """
    return watched_by(watchdog.MODULE, "--deployment", deployment.name, cap_s=cap_s)
