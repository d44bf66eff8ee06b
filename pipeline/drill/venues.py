"""Where drills can be held: on this machine, or on AWS."""

from __future__ import annotations

from pipeline.choice import UnknownDeployment, deployments_named
from pipeline.drill.aws.venue import AwsVenue
from pipeline.drill.local.venue import LocalVenue
from pipeline.drill.whole import Venue
from pipeline.local.layout import Layout


def venue(name: str, layout: Layout, time_scale: float) -> Venue:
    """Return the venue of a deployment by its name: this machine for the one of the layout, or AWS.

    Raises UnknownDeployment, and FaultError for one that must not be drilled, or not at such a time scale.
    """
    found = deployments_named(name)
    if len(found) != 1:
        raise UnknownDeployment(f"A drill is held in one deployment, not in {name!r}.")
    if found[0] == layout.deployment:
        return LocalVenue(layout=layout, time_scale=time_scale)
    return AwsVenue(deployment=found[0], time_scale=time_scale)
