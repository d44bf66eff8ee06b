"""A place without anything behind it, whose state a test sets, and that notes what was done to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp.client_middlewares import ClientMiddlewareType
from botocore.exceptions import EndpointConnectionError

from pipeline.config import LOCAL
from pipeline.drill.attempt import ClientKind
from pipeline.drill.faults import FaultError
from pipeline.drill.place import Place
from pipeline.drill.region import Region
from pipeline.drill.step import Fault, Role
from pipeline.drill.timeline import AnswerChanged, CallMade, HealthChanged
from pipeline.drill.way import Lookup


@dataclass
class Replicas:
    """The one table behind both Regions: what is written in one is in the other, unless that is cut."""

    items: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    replicates: bool = True


class StagedDynamo:
    """One Region's DynamoDB, as far as a drill speaks to it."""

    def __init__(self, region: str, replicas: Replicas, done: list[str]) -> None:
        self._region, self._replicas, self._done = region, replicas, done
        self.fails = False

    def put_item(self, *, TableName: str, Item: dict[str, Any]) -> None:  # noqa: N803, ARG002
        if self.fails:
            raise EndpointConnectionError(endpoint_url="http://nowhere")
        key, sort = Item["user_id"]["S"], Item["timestamp"]["S"]
        if "state" in Item:
            self._done.append(f"{Item['state']['S']} {key} in {self._region}")
        others = {"eu-west-1", "eu-central-1"} if self._replicas.replicates else {self._region}
        for region in others:
            self._replicas.items[region, key, sort] = Item

    def get_item(self, *, TableName: str, Key: dict[str, Any], ConsistentRead: bool) -> dict[str, Any]:  # noqa: N803, ARG002
        found = self._replicas.items.get((self._region, Key["user_id"]["S"], Key["timestamp"]["S"]))
        return {"Item": found} if found else {}

    def get_paginator(self, _operation: str) -> StagedDynamo:
        return self

    def paginate(self, *, TableName: str, ConsistentRead: bool) -> Sequence[dict[str, Any]]:  # noqa: N803, ARG002
        """Return the table in pages of one row."""
        items = self._replicas.items.items()
        return [{"Items": [item]} for (region, *_), item in items if region == self._region]


class StagedCloudWatch:
    """One Region's CloudWatch, as far as a drill speaks to it."""

    def __init__(self, region: str, done: list[str]) -> None:
        self._region, self._done = region, done

    def put_metric_data(self, *, Namespace: str, MetricData: Sequence[Any]) -> None:  # noqa: N803, ARG002
        (datum,) = MetricData
        (stopped,) = [d["Value"] for d in datum["Dimensions"] if d["Name"] == "Region"]
        self._done.append(f"signal {datum['Value']} for {stopped} in {self._region}")


class StagedFaults:
    """Notes what is broken; `resists` are faults that cannot be undone, `late` when others took effect."""

    def __init__(self, done: list[str]) -> None:
        self._done = done
        self.resists: set[Fault] = set()
        self.late: dict[Fault, float] = {}

    def prepare(self, fault: Fault) -> None:
        self._done.append(f"prepare {fault}")

    def inject(self, fault: Fault) -> float | None:
        self._done.append(f"inject {fault}")
        return self.late.get(fault)

    def undo(self, fault: Fault) -> None:
        if fault in self.resists:
            raise FaultError(f"{fault} stays")
        self._done.append(f"undo {fault}")


class StagedProbes:
    """Sees what a test sets."""

    def __init__(self) -> None:
        self.leads_to: Role | None = Role.PRIMARY
        self.url = "http://127.0.0.1:1"
        self.middlewares: tuple[ClientMiddlewareType, ...] = ()

    async def lookup(self, kind: ClientKind) -> Lookup:  # noqa: ARG002
        async def look() -> str:
            return self.url

        return look

    async def answered(self) -> Role | None:
        return self.leads_to

    async def lag_s(self, source: Role) -> float | None:
        return 0.25 if source is Role.PRIMARY else None

    async def changes(self, since: float) -> Sequence[HealthChanged | AnswerChanged]:  # noqa: ARG002
        return []

    async def calls(self, since: float, until: float) -> Sequence[CallMade]:  # noqa: ARG002
        return []

    async def versions(self) -> dict[Role, str]:
        return dict.fromkeys(Role, "1")


@dataclass
class Staged:
    """The place, and `done`, what was done to it, in order."""

    time_scale: float = 1000.0
    done: list[str] = field(default_factory=list)
    replicas: Replicas = field(default_factory=Replicas)

    def __post_init__(self) -> None:
        self.faults = StagedFaults(self.done)
        self.probes = StagedProbes()
        names = {Role.PRIMARY: LOCAL.primary_region, Role.SECONDARY: LOCAL.secondary_region}
        self.dynamo = {role: StagedDynamo(name, self.replicas, self.done) for role, name in names.items()}
        self.place = Place(
            name="a stage",
            deployment=LOCAL,
            regions={
                role: Region(
                    role=role,
                    name=name,
                    table=LOCAL.table_name,
                    clients={
                        "dynamodb": self.dynamo[role],
                        "cloudwatch": StagedCloudWatch(name, self.done),
                    },
                )
                for role, name in names.items()
            },
            probes=self.probes,
            faults=self.faults,
            time_scale=self.time_scale,
            allowance_s=0.0,
            limits=(),
        )
