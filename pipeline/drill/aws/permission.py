"""Whether a deployment may be drilled on AWS."""

from __future__ import annotations

from pipeline.config import Deployment
from pipeline.drill.faults import FaultError
from stacks.drills import Drills


def permit(deployment: Deployment, *, time_scale: float = 1) -> Drills:
    """Return how a deployment may be drilled; raises FaultError if it must not be, or not so fast."""
    if deployment.drills is None:
        raise FaultError(f"{deployment.name} is not to be drilled on AWS: its configuration has no drills.")
    if time_scale != 1:
        raise FaultError(f"Time on AWS has one scale, 1, and not {time_scale:g}: leave TIME_SCALE out.")
    return deployment.drills
