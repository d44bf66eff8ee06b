"""How a commit is delivered: from which repository, by which account, and through which deployments."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from pipeline.config import BETA, LOCAL, LOCALPROD, PROD, Deployment
from pipeline.partition import REGION, partition

ARN = r"arn:[a-z-]+:(codeconnections|codestar-connections):[a-z0-9-]+:[0-9]{12}:connection/[0-9a-f-]{36}"
# A lock must not end while a drill runs, whose watchdog and experiments take an hour at most, and it is what
# a pipeline that died keeps others waiting for.
LOCK_MINUTES = 360


@dataclass(frozen=True, kw_only=True)
class Check:
    """What a commit must pass before anything is deployed: commands for a shell, in a checkout of it.

    `output` is the folder that they write for whoever looks. A check that takes more than `minutes` failed.
    """

    name: str
    commands: Sequence[str]
    minutes: int
    output: str | None = None


@dataclass(frozen=True, kw_only=True)
class Drill:
    """The failover drill that a wave ends with; `time_scale` is how many times faster time runs in it.

    On AWS it can only be 1.
    """

    time_scale: int = 1


@dataclass(frozen=True, kw_only=True)
class Wave:
    """One deployment, and what a commit must pass there.

    `bake_seconds` is how long the alarms of a Region must be quiet after it was changed. A wave with a
    `drill` ends with it, and its objectives must be met; one that is `approved` waits for somebody who was
    shown what the waves before it found, and what is about to change.
    Raises ValueError for a wave that could not be held.
    """

    deployment: Deployment
    bake_seconds: int
    drill: Drill | None = None
    approved: bool = False

    def __post_init__(self) -> None:
        """Refuse what would fail only when a commit got there."""
        if not 1 <= self.bake_seconds <= 3600:
            raise ValueError(f"bake_seconds must be between 1 and 3600, not {self.bake_seconds}.")
        if self.deployment.api.domain is None:
            raise ValueError(f"deployment must have a domain to be smoke-tested by: {self.name} has none.")
        if self.drill and self.deployment.drills is None:
            raise ValueError(f"drill needs a deployment that has drills: {self.name} has none.")

    @property
    def name(self) -> str:
        """The name of its deployment."""
        return self.deployment.name


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """A pipeline in one Region of an account, which a push to a branch starts; `id` is also its stack's name.

    `repository` is `owner/name`, and `connection_arn` the connection that somebody has confirmed by hand in
    the console (https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-create-github.html).
    `github` is the repository as GitHub's tokens name it (see stacks/constructs/github_role.py), where
    workflows there may hold drills too. A commit passes the `checks` first, side by side, then the `waves` in
    their order. Raises ValueError, with a sentence that names the field, for a value that no pipeline can
    have, and for an approval that no drill was held before.
    """

    id: str
    account: str
    region: str
    repository: str
    branch: str
    connection_arn: str
    checks: Sequence[Check]
    waves: Sequence[Wave]
    github: str | None = None

    def __post_init__(self) -> None:
        """Refuse what AWS would refuse, and an order in which a gate says nothing."""
        patterns = {"id": r"[A-Z]\w*", "account": r"[0-9]{12}", "region": REGION, "branch": r"[\w./-]+"}
        for field, pattern in (patterns | {"repository": r"[\w.-]+/[\w.-]+", "connection_arn": ARN}).items():
            value = getattr(self, field)
            if not re.fullmatch(pattern, value):
                raise ValueError(f"{field} must match {pattern}, not {value!r}.")
        if self.github and re.sub("@[0-9]+", "", self.github) != self.repository:
            raise ValueError(f"github must be {self.repository} with ids after @, not {self.github!r}.")
        if not self.waves or len(set(self.names)) < len(self.names):
            raise ValueError(f"waves must be of different deployments, not of {', '.join(self.names)}.")
        drilled = False
        for wave in self.waves:
            if wave.approved and not drilled:
                raise ValueError(f"waves must hold a drill before {wave.name}, which is approved by it.")
            drilled |= wave.drill is not None
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

    def carrying(self, deployments: Mapping[str, Deployment]) -> Self:
        """The same pipeline to the deployments that have the names of its own; raises KeyError."""
        waves = [replace(wave, deployment=deployments[wave.name]) for wave in self.waves]
        return replace(self, waves=waves)


# The account, the repository and the connection are placeholders, as the accounts of the deployments are.
PIPELINE = Pipeline(
    id="Pipeline",
    account="333333333333",
    region="eu-west-1",
    repository="example/users-platform",
    github="example@000000/users-platform@000000",
    branch="main",
    connection_arn=(
        "arn:aws:codeconnections:eu-west-1:333333333333:connection/00000000-0000-0000-0000-000000000000"
    ),
    checks=(
        Check(name="Test", commands=("make lint", "make test"), minutes=60),
        Check(name="Audit", commands=("python -m pipeline.audit",), minutes=15, output=".build/audit"),
    ),
    waves=(
        Wave(deployment=BETA, bake_seconds=600, drill=Drill()),
        Wave(deployment=PROD, bake_seconds=1800, approved=True),
    ),
)

# The same from a repository on this machine. Its test is what a change of
# the API's code would break, and its bake as long as it takes a person to see that it is there.
LOCAL_PIPELINE = Pipeline(
    id="LocalPipeline",
    account=LOCAL.account,
    region=LOCAL.primary_region,
    repository="local/users-platform",
    branch="main",
    connection_arn=(
        "arn:aws:codeconnections:eu-west-1:000000000000:connection/00000000-0000-0000-0000-000000000000"
    ),
    checks=(
        Check(
            name="Test",
            commands=(
                "python pipeline/local/install.py dev",
                ".venv/bin/python -m pytest -q -p no:cacheprovider tests/lambdas/users/handlers"
                " tests/lambdas/users/http --ignore=tests/lambdas/users/http/openapi",
            ),
            minutes=15,
        ),
    ),
    waves=(
        Wave(deployment=LOCAL, bake_seconds=5, drill=Drill(time_scale=10)),
        Wave(deployment=LOCALPROD, bake_seconds=5, approved=True),
    ),
)

PIPELINES = (PIPELINE, LOCAL_PIPELINE)
