"""A deployment on AWS, for a drill; not yet run on AWS."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import ClassVar

from pipeline.config import Deployment
from pipeline.drill.aws.faults import LONGEST_EFFECT_S, LONGEST_PAUSE_S
from pipeline.drill.aws.guard import guard
from pipeline.drill.aws.permission import permit
from pipeline.drill.aws.place import Connect, aws_place, connect
from pipeline.drill.aws.plan import aws_plan
from pipeline.drill.aws.scenarios import scenario_on_aws
from pipeline.drill.faults import FaultError
from pipeline.drill.performance import Folder, Guard
from pipeline.drill.place import Place
from pipeline.drill.scenario import Scenario

# To stop an experiment, or to put a Region back into DNS in a minute of its own, and to talk to AWS.
SLACK_S = 300.0


@dataclass(frozen=True, kw_only=True)
class AwsVenue:
    """A deployment that is drilled where it runs; `time_scale` is there to be refused if it is not 1.

    Raises FaultError for a deployment that must not be drilled, or a time scale.
    """

    deployment: Deployment
    time_scale: float = 1
    connect: Connect = connect
    usual: ClassVar[str] = "api-outage"

    def __post_init__(self) -> None:
        """Refuse what must not be drilled before anything is asked of AWS."""
        permit(self.deployment, time_scale=self.time_scale)

    @property
    def command(self) -> str:
        """What comes before a scenario's name in the command that runs a drill here."""
        return f"make drill ON={self.deployment.name}"

    def scenario(self, name: str) -> Scenario:
        """Return a scenario as it is performed on AWS; raises UnknownScenario and FaultError."""
        return scenario_on_aws(name)

    def plan(self, scenario: Scenario) -> Sequence[str]:
        """Return what a drill would do, and the rights that it needs, without a call; raises FaultError."""
        return aws_plan(scenario, self.deployment)

    def opened(self, folder: Folder) -> AbstractContextManager[Place]:
        """Give the place for one drill, after a look at what is there; raises FaultError and ProbeError."""

        @contextmanager
        def given() -> Iterator[Place]:
            folder.path.mkdir(parents=True, exist_ok=True)
            yield aws_place(self.deployment, time_scale=self.time_scale, connect=self.connect)

        return given()

    def guard(self, scenario: Scenario) -> Guard:
        """Return what has a process of its own end the drill when it is dead, or takes too long."""
        waits = sum(step.seconds for step in scenario.steps)
        begins = (LONGEST_PAUSE_S + LONGEST_EFFECT_S) * len(scenario.faults)
        return guard(self.deployment, cap_s=waits + begins + SLACK_S)

    async def perform_and_die(
        self,
        scenario: Scenario,
        folder: Folder,  # noqa: ARG002 - as a venue has it
        tell: Callable[[str], None],  # noqa: ARG002
    ) -> None:
        """Refuse a drill that dies: nobody risks credentials and a stop of a Region for that."""
        raise FaultError(f"{scenario.name} cannot be performed on AWS: there no drill is killed on purpose.")
