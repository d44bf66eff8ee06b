"""The experiments of one Region in AWS Fault Injection Service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pipeline.config import Deployment
from pipeline.drill.aws import fis_calls
from pipeline.drill.faults import FaultError
from pipeline.drill.region import Region
from pipeline.drill.step import FaultKind
from stacks.drills import FAULT

LOOK_S = 2.0
# An experiment begins within a minute; the first one that logs waits until the log is set up.
LONGEST_START_S = 180.0
# Each action is stopped in its own way; an automation has two minutes to put things right.
LONGEST_STOP_S = 240.0
UNDER_WAY = frozenset({"pending", "initiating", "running", "stopping"})

Sleep = Callable[[float], None]


class Experiments:
    """Finds, starts and stops experiments; methods block, and raise botocore's errors and FaultError."""

    def __init__(self, deployment: Deployment, region: Region, *, sleep: Sleep) -> None:
        self._deployment = deployment
        self._region = region
        self._fis = region.clients["fis"]
        self._sleep = sleep

    def template(self, kind: FaultKind) -> str:
        """Return the id of the template for a fault, which has the tags of its deployment and its fault."""
        wanted = {"Deployment": self._deployment.name, FAULT: kind.value}
        found = [
            each["id"]
            for each in self._pages("list_experiment_templates", "experimentTemplates")
            if wanted.items() <= each.get("tags", {}).items()
        ]
        if len(found) != 1:
            raise FaultError(
                f"{self._region.name} has {len(found)} experiment templates for {kind} of "
                f"{self._deployment.name}, where one is needed: deploy its Experiments stack."
            )
        return str(found[0])

    def under_way(self, template: str) -> Sequence[str]:
        """Return the ids of the experiments of a template that have not ended."""
        return [
            str(each["id"])
            for each in self._pages("list_experiments", "experiments", experimentTemplateId=template)
            if each["state"]["status"] in UNDER_WAY
        ]

    def start(self, kind: FaultKind, template: str) -> str:
        """Start an experiment, wait until it runs, and return its id."""
        call = fis_calls.start(self._deployment, kind, self._region.name, template=template)
        experiment = str(self._fis.start_experiment(**call.parameters)["experiment"]["id"])
        state = self._wait(experiment, {"pending", "initiating"}, LONGEST_START_S)
        if state["status"] != "running":
            raise FaultError(
                f"The experiment {experiment} for {kind} in {self._region.name} is {state['status']} "
                f"({state.get('reason', 'no reason is given')}): look at its stop alarms and its log."
            )
        return experiment

    def stop(self, experiment: str) -> None:
        """Stop an experiment and wait until it has ended; one that has ended by itself is left alone."""
        state = self._state(experiment)
        if state["status"] in UNDER_WAY - {"stopping"}:
            self._fis.stop_experiment(id=experiment)
            state = self._wait(experiment, UNDER_WAY, LONGEST_STOP_S)
        elif state["status"] == "stopping":
            state = self._wait(experiment, UNDER_WAY, LONGEST_STOP_S)
        if state["status"] in UNDER_WAY:
            raise FaultError(
                f"The experiment {experiment} in {self._region.name} is still {state['status']} after "
                f"{LONGEST_STOP_S:.0f} s."
            )

    def _wait(self, experiment: str, while_: frozenset[str] | set[str], seconds: float) -> dict[str, Any]:
        """Look at an experiment until it has left some states, for so long, and return where it is."""
        state = self._state(experiment)
        for _ in range(int(seconds / LOOK_S)):
            if state["status"] not in while_:
                break
            self._sleep(LOOK_S)
            state = self._state(experiment)
        return state

    def _state(self, experiment: str) -> dict[str, Any]:
        found: dict[str, Any] = self._fis.get_experiment(id=experiment)["experiment"]["state"]
        return found

    def _pages(self, operation: str, key: str, **parameters: str) -> Sequence[dict[str, Any]]:
        pages = self._fis.get_paginator(operation).paginate(**parameters)
        return [each for page in pages for each in page[key]]
