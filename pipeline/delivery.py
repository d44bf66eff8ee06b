"""How a commit reaches AWS: from which repository, by which account, and through which deployments."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.config import BETA, PROD, Deployment
from pipeline.partition import REGION, partition

ARN = r"arn:[a-z-]+:(codeconnections|codestar-connections):[a-z0-9-]+:[0-9]{12}:connection/[0-9a-f-]{36}"
# A lock must not end while a drill runs, whose watchdog and experiments take an hour at most, and it is what
# a pipeline that died keeps others waiting for.
LOCK_MINUTES = 240


@dataclass(frozen=True, kw_only=True)
class Wave:
    """One deployment, and what a commit must pass there.

    `bake_minutes` is how long the alarms of a Region must be quiet after it was changed. A wave that is
    `drilled` ends with a failover drill whose objectives must be met; one that is `approved` waits for
    somebody who was shown what the waves before it found, and what is about to change.
    Raises ValueError for a wave that could not be held.
    """

    deployment: Deployment
    bake_minutes: int
    drilled: bool = False
    approved: bool = False

    def __post_init__(self) -> None:
        """Refuse what would fail only when a commit got there."""
        if not 1 <= self.bake_minutes <= 60:
            raise ValueError(f"bake_minutes must be between 1 and 60, not {self.bake_minutes}.")
        if self.deployment.api.domain is None:
            raise ValueError(f"deployment must have a domain to be smoke-tested by: {self.name} has none.")
        if self.drilled and self.deployment.drills is None:
            raise ValueError(f"drilled needs a deployment that has drills: {self.name} has none.")

    @property
    def name(self) -> str:
        """The name of its deployment."""
        return self.deployment.name


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """An account of its own with a pipeline in one Region, which a push to a branch starts.

    `repository` is `owner/name`, and `connection_arn` the connection that somebody has confirmed by hand in
    the console (https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-create-github.html).
    `waves` are in the order in which commits pass them. Raises ValueError, with a sentence that names the
    field, for a value that no pipeline can have, and for an approval that no drill was held before.
    """

    account: str
    region: str
    repository: str
    branch: str
    connection_arn: str
    waves: Sequence[Wave]

    def __post_init__(self) -> None:
        """Refuse what AWS would refuse, and an order in which a gate says nothing."""
        patterns = {"account": r"[0-9]{12}", "region": REGION, "repository": r"[\w.-]+/[\w.-]+"}
        for field, pattern in (patterns | {"branch": r"[\w./-]+", "connection_arn": ARN}).items():
            value = getattr(self, field)
            if not re.fullmatch(pattern, value):
                raise ValueError(f"{field} must match {pattern}, not {value!r}.")
        if not self.waves or len(set(self.names)) < len(self.names):
            raise ValueError(f"waves must be of different deployments, not of {', '.join(self.names)}.")
        drilled = False
        for wave in self.waves:
            if wave.approved and not drilled:
                raise ValueError(f"waves must hold a drill before {wave.name}, which is approved by it.")
            drilled |= wave.drilled
        partitions = {partition(self.region), *(partition(each) for each in self.regions)}
        if len(partitions) > 1:
            raise ValueError(f"waves must be in the partition of the pipeline, not {sorted(partitions)}.")

    @property
    def names(self) -> Sequence[str]:
        """The names of the deployments, in the order of the waves."""
        return [wave.name for wave in self.waves]

    @property
    def regions(self) -> Sequence[str]:
        """Every Region that it deploys to, in no particular order but the same one every time."""
        each = [(wave.deployment.primary_region, wave.deployment.secondary_region) for wave in self.waves]
        return list(dict.fromkeys(region for pair in each for region in pair))


# The account, the repository and the connection are placeholders, as the accounts of the deployments are.
PIPELINE = Pipeline(
    account="333333333333",
    region="eu-west-1",
    repository="example/users-platform",
    branch="main",
    connection_arn=(
        "arn:aws:codeconnections:eu-west-1:333333333333:connection/00000000-0000-0000-0000-000000000000"
    ),
    waves=(
        Wave(deployment=BETA, bake_minutes=10, drilled=True),
        Wave(deployment=PROD, bake_minutes=30, approved=True),
    ),
)
