"""Sets a watchdog on a drill on this machine."""

from __future__ import annotations

from pipeline.drill.guard import watched_by
from pipeline.drill.local import watchdog
from pipeline.drill.performance import Guard
from pipeline.local.layout import Layout
from pipeline.local.platform import environment


def guard(layout: Layout, *, time_scale: float, cap_s: float) -> Guard:
    """Return what guards a drill on this machine, by a process that ends it after `cap_s` seconds.

    Raises OSError.
    """
    where = ["--port", str(layout.port), "--state", str(layout.state), "--time-scale", repr(time_scale)]
    return watched_by(watchdog.MODULE, *where, cap_s=cap_s, environment=environment())
