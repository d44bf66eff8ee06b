"""What a drill may break on AWS, and for how long: data that stacks and the drill agree on."""

from collections.abc import Mapping
from dataclasses import dataclass

# The tag by which the drill finds an experiment template, and its values, which are those of its faults.
FAULT = "Fault"
REPLICATION_PAUSED = "replication-paused"
FUNCTIONS_STOPPED = "functions-stopped"

NAMESPACE = "UsersDrills"
METRIC = "Abort"
ABORT = 1

# A replica that may not replicate for 20 hours is lost for good
# (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables-security.html).
LONGEST_MINUTES = 60


@dataclass(frozen=True, kw_only=True)
class Drills:
    """That a deployment may be drilled on AWS; without one nothing there can be broken on purpose.

    No fault lasts longer than `longest_minutes`, whatever becomes of the drill. Raises ValueError for a time
    that FIS does not offer, or that is too long to be safe.
    """

    longest_minutes: int

    def __post_init__(self) -> None:
        """Refuse what would break something for hours."""
        if not 1 <= self.longest_minutes <= LONGEST_MINUTES:
            raise ValueError(
                f"longest_minutes must be between 1 and {LONGEST_MINUTES}, not {self.longest_minutes}."
            )


@dataclass(frozen=True, kw_only=True)
class AbortSignal:
    """The signal that calls off every experiment in one Region of a service.

    It is sent to that Region, where the alarm is that stops the experiment: FIS takes no alarm of another.
    """

    service: str
    region: str

    @property
    def dimensions(self) -> Mapping[str, str]:
        """The dimensions of the metric, all of which a value must name to count."""
        return {"Service": self.service, "Region": self.region}
