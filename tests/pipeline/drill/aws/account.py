"""An account on AWS that is not there: experiments, functions and replicas, and a clock that waits nowhere.

Every call is held to botocore's own model of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import EndpointConnectionError

from pipeline.config import BETA
from pipeline.drill.region import Region
from pipeline.drill.step import FaultKind, Role
from tests.stacks.automation.functions import Client, Functions

START_S, EFFECT_S, RESTORE_S = 20.0, 8.0, 6.0
PAUSE_TAKES_S = 70.0
CAP_S = 20 * 60.0
FUNCTIONS = ("a-Batch-2", "a-Crud-1", "a-Query-3")


@dataclass
class Experiment:
    """One that was started; `stopped_at` is when somebody stopped it."""

    id: str
    template: str
    kind: str
    started_at: float
    tags: dict[str, str]
    stopped_at: float | None = None


@dataclass
class World:
    """Both Regions, and what is under way in them; `now` moves by `sleep` alone.

    `ends_in` has an experiment end in another state than running, `deaf` are services that do not answer,
    `slow` by how many seconds functions stop later than the others.
    """

    now: float = 1_900_000_000.0
    templates: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    experiments: list[Experiment] = field(default_factory=list)
    rows: dict[tuple[str, str], str] = field(default_factory=dict)
    signals: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    ends_in: str | None = None
    deaf: set[str] = field(default_factory=set)
    slow: dict[str, float] = field(default_factory=dict)
    restores: bool = True
    works: bool = True

    def __post_init__(self) -> None:
        names = {Role.PRIMARY: BETA.primary_region, Role.SECONDARY: BETA.secondary_region}
        self.functions = {
            role: Functions(dict.fromkeys(FUNCTIONS, 20), stack=f"Beta{role.value.title()}-Api")
            for role in names
        }
        kinds = (FaultKind.REPLICATION_PAUSED, FaultKind.FUNCTIONS_STOPPED)
        self.templates = {
            name: [
                {"id": f"EXT-{name}-{kind}", "tags": {"Deployment": "beta", "Fault": kind.value}}
                for kind in kinds
            ]
            for name in names.values()
        }
        self.regions = {
            role: Region(role=role, name=name, table="users-beta", clients=self._clients(role, name))
            for role, name in names.items()
        }

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def state(self, experiment: Experiment) -> str:
        age = self.now - experiment.started_at
        if self.ends_in and age >= START_S:
            return self.ends_in
        if experiment.stopped_at is not None:
            return "stopped" if self.now >= experiment.stopped_at + 4 else "stopping"
        if age >= CAP_S:
            return "completed"
        return "running" if age >= START_S else "initiating" if age >= 2 else "pending"

    def broken(self, kind: FaultKind, region: str, *, slow: float = 0) -> bool:
        """Whether an experiment has its effect, which begins and ends some time after it does."""
        late = PAUSE_TAKES_S if kind is FaultKind.REPLICATION_PAUSED else EFFECT_S
        for each in self.experiments:
            if each.kind != kind or region not in each.template or not self.works:
                continue
            ended = min(each.stopped_at or float("inf"), each.started_at + CAP_S) + RESTORE_S
            if each.started_at + START_S + late + slow <= self.now and (
                self.now < ended or not self.restores
            ):
                return True
        return False

    def _clients(self, role: Role, name: str) -> dict[str, Any]:
        answers: dict[str, Callable[[str, str, dict[str, Any]], dict[str, Any]]] = {
            "fis": self._fis,
            "lambda": self._lambda,
            "resourcegroupstaggingapi": lambda _name, operation, asked: self.functions[role].answer(
                operation, asked
            ),
            "dynamodb": self._dynamodb,
            "cloudwatch": self._cloudwatch,
        }

        def hearing(
            service: str, answer: Callable[[str, str, dict[str, Any]], dict[str, Any]]
        ) -> Callable[[str, dict[str, Any]], dict[str, Any]]:
            def heard(operation: str, asked: dict[str, Any]) -> dict[str, Any]:
                if service in self.deaf:
                    raise EndpointConnectionError(endpoint_url=f"https://{service}.{name}")
                return answer(name, operation, asked)

            return heard

        return {service: Client(service, hearing(service, answer)) for service, answer in answers.items()}

    def _fis(self, region: str, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        if operation == "ListExperimentTemplates":
            return {"experimentTemplates": self.templates[region]}
        if operation == "ListExperiments":
            found = [each for each in self.experiments if each.template == asked["experimentTemplateId"]]
            return {"experiments": [self._told(each) for each in found]}
        if operation == "StartExperiment":
            template = asked["experimentTemplateId"]
            (kind,) = [t["tags"]["Fault"] for t in self.templates[region] if t["id"] == template]
            started = Experiment(f"EXP{len(self.experiments)}", template, kind, self.now, asked["tags"])
            self.experiments.append(started)
            return {"experiment": self._told(started)}
        (found_one,) = [each for each in self.experiments if each.id == asked["id"]]
        if operation == "StopExperiment":
            found_one.stopped_at = found_one.stopped_at or self.now
        return {"experiment": self._told(found_one)}

    def _told(self, experiment: Experiment) -> dict[str, Any]:
        return {"id": experiment.id, "state": {"status": self.state(experiment), "reason": "because"}}

    def _lambda(self, region: str, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        assert operation == "GetFunctionConcurrency"
        assert asked["FunctionName"] in FUNCTIONS
        slow = self.slow.get(asked["FunctionName"], 0)
        stopped = self.broken(FaultKind.FUNCTIONS_STOPPED, region, slow=slow)
        return {"ReservedConcurrentExecutions": 0 if stopped else 20}

    def _dynamodb(self, region: str, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        if operation == "PutItem":
            key, value = asked["Item"]["user_id"]["S"], asked["Item"]["changed_at"]["S"]
            pausing = any(self.broken(FaultKind.REPLICATION_PAUSED, name) for name in self.templates)
            for name in [region] if pausing else self.templates:
                self.rows[name, key] = value
            return {}
        found = self.rows.get((region, asked["Key"]["user_id"]["S"]))
        return {"Item": {"changed_at": {"S": found}}} if found else {}

    def _cloudwatch(self, region: str, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        assert operation == "PutMetricData"
        self.signals.append((region, asked))
        return {}
