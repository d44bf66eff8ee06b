"""What a drill can see of a place from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from aiohttp.client_middlewares import ClientMiddlewareType

from pipeline.drill.attempt import ClientKind
from pipeline.drill.step import Role
from pipeline.drill.timeline import AnswerChanged, CallMade, HealthChanged
from pipeline.drill.way import Lookup


class ProbeError(Exception):
    """What the drill has to look at cannot be seen; the message says what is missing."""


class Probes(Protocol):
    """Looks at DNS, health, replication and the calls that were made; times are seconds since the epoch."""

    @property
    def middlewares(self) -> tuple[ClientMiddlewareType, ...]:
        """What is put between a client of the API and its connection."""

    async def lookup(self, kind: ClientKind) -> Lookup:
        """Return how a client of a kind finds the base URL of the API, with a memory of its own."""

    async def answered(self) -> Role | None:
        """Return the Region to which DNS leads now, None where it leads nowhere."""

    async def lag_s(self, source: Role) -> float | None:
        """Return how many seconds what leaves a Region is behind in the other, None where nobody knows."""

    async def changes(self, since: float) -> Sequence[HealthChanged | AnswerChanged]:
        """Return how health and answers changed since a time; raises ProbeError."""

    async def calls(self, since: float, until: float) -> Sequence[CallMade]:
        """Return the calls to AWS's APIs between two times, in either Region; raises ProbeError."""

    async def versions(self) -> Mapping[Role, str]:
        """Return what of the app is deployed in each Region, for the report."""
