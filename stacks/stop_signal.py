"""The metric by which an operator takes a Region out of DNS: data that stacks and the runbook agree on."""

from collections.abc import Mapping
from dataclasses import dataclass

NAMESPACE = "UsersRouting"
METRIC = "Stop"
STOP = 1
START = 0


@dataclass(frozen=True, kw_only=True)
class StopSignal:
    """The signal of one Region of a service: STOP sent once takes it out of DNS, START puts it back.

    It is sent to the other Region, because the Region that is to be stopped may take no calls. `region` is
    the one that is stopped.
    """

    service: str
    region: str

    @property
    def dimensions(self) -> Mapping[str, str]:
        """The dimensions of the metric, all of which a value must name to count."""
        return {"Service": self.service, "Region": self.region}
