"""The platform of this machine as the place of a restore: two tables, of which one serves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from pipeline import runbook
from pipeline.drill.place import Place
from pipeline.drill.region import Region
from pipeline.drill.step import Role
from pipeline.restore.facts import Facts

Switch = Callable[[Sequence[str]], None]

PATIENCE_S = 30.0  # for an answer of the API, to a batch of users too


@dataclass(frozen=True, kw_only=True)
class RestorePlace:
    """A deployment that is served from one of two tables, and the other one's name.

    Args:
        place: what drills need of it; its Regions have the table that serves when the drill begins.
        clients: boto3's by service, of each Region; they wait for answers that take long.
        urls: the API of each Region.
        tables: all that it was served from, the one that serves last.
        restored: the table that is to be made.
        switch: deploys with these tables, the last of which serves then; raises LocalError.
        in_use: names the tables that serve in any Region, or are recorded to serve; raises LocalError.
        transport: what carries requests to the API, where that is not the network.
    """

    place: Place
    clients: Mapping[Role, Mapping[str, Any]]
    urls: Mapping[Role, str]
    tables: Sequence[str]
    restored: str
    switch: Switch
    in_use: Callable[[], Collection[str]]
    transport: httpx.BaseTransport | None = None

    def http(self, role: Role = Role.PRIMARY) -> httpx.Client:
        """Return a client of a Region's API, to be closed."""
        url, transport = self.urls[role], self.transport
        return httpx.Client(base_url=url, timeout=PATIENCE_S, trust_env=False, transport=transport)

    @property
    def former(self) -> str:
        """The table that serves when the drill begins."""
        return self.tables[-1]

    def serving(self, table: str) -> Sequence[str]:
        """Return all tables as they are once one of them serves, or a new one."""
        return [*(other for other in self.tables if other != table), table]

    @property
    def facts(self) -> Facts:
        """What the calls of this restore know at first."""
        return Facts(former=self.former, restored=self.restored)

    def region(self, role: Role, table: str) -> Region:
        """Return a Region with one of its tables."""
        name = self.place.regions[role].name
        return Region(role=role, name=name, table=table, clients=self.clients[role])

    def send(self, call: runbook.Call) -> Any:  # noqa: ANN401 - boto3's answers have no types
        """Send a call to the Region that it is for, and return what is answered; raises botocore's errors."""
        return self.region(self.role_of(call.region), self.former).send(call)

    def role_of(self, name: str) -> Role:
        """Return the part of a Region; raises ValueError for a name that is neither's."""
        for role, region in self.place.regions.items():
            if region.name == name:
                return role
        raise ValueError(f"{name} is no Region of {self.place.deployment.name}.")
