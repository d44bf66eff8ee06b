"""What a drill sees of a deployment on AWS; not yet run on AWS."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError as HttpError
from aiohttp import ClientSession, ClientTimeout
from aiohttp.client_middlewares import ClientMiddlewareType
from botocore.exceptions import BotoCoreError, ClientError

from pipeline.config import Deployment
from pipeline.drill.attempt import ClientKind
from pipeline.drill.aws import metrics, trail
from pipeline.drill.aws.answers import Answers
from pipeline.drill.aws.dns import Resolve, remembering
from pipeline.drill.aws.named import named
from pipeline.drill.probes import ProbeError
from pipeline.drill.region import Region
from pipeline.drill.step import Role
from pipeline.drill.timeline import AnswerChanged, CallMade, HealthChanged
from pipeline.drill.way import Lookup, NowhereError

WAIT_S = 2.0
LAG_KEPT_S = 60.0
METRICS_LATE_S = 180.0


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What was looked up before anything is broken: who the drill is, and which check is which Region's.

    `checks` are ids of Route 53's health checks by the names of Regions, `health` a CloudWatch client of the
    Region that has their metrics, and `trails` clients of CloudTrail.
    """

    me: str
    checks: Mapping[str, str]
    health: Any
    trails: Sequence[Any] = field(default_factory=list)


class AwsProbes:
    """The Probes of a deployment on AWS.

    During a drill only DNS, the API itself and CloudWatch's data plane are asked; health and calls are read
    afterwards, when metrics and CloudTrail have them. The answers of DNS are those that this process's own
    clients got, so another process knows of none. `middlewares` are for the sessions of clients, whose URLs
    have addresses.
    """

    def __init__(
        self,
        deployment: Deployment,
        regions: Mapping[Role, Region],
        watched: Watched,
        answers: Answers,
        *,
        resolve: Resolve,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._deployment = deployment
        self._name = shared_name(deployment)
        self._regions = regions
        self._watched = watched
        self._answers = answers
        self._resolve = resolve
        self._sleep = sleep
        self._lags: dict[Role, tuple[float, float | None]] = {}
        self.middlewares: tuple[ClientMiddlewareType, ...] = (named(self._name),)

    async def lookup(self, kind: ClientKind) -> Lookup:
        """Return how a client of a kind finds the API, as `https://<address>`, by the system's resolver."""
        return remembering(kind, self._name, self._resolve, note=self._answers.note)

    async def answered(self) -> Role | None:
        """Return the Region to which DNS leads now; None where it leads nowhere, or nobody knows where."""
        try:
            answer = await self._resolve(self._name)
        except NowhereError:
            return None
        if not answer.addresses:
            return None
        self._answers.note(answer.addresses[0])
        return await self._answers.role(answer.addresses[0])

    async def lag_s(self, source: Role) -> float | None:
        """Return how long the last writes of a Region took into the other, by metrics of five minutes.

        CloudWatch is asked once a minute.
        """
        at, lag = self._lags.get(source, (float("-inf"), None))
        if time.monotonic() - at >= LAG_KEPT_S:
            lag = await asyncio.to_thread(self._lag_s, source)
            self._lags[source] = time.monotonic(), lag
        return lag

    async def changes(self, since: float) -> Sequence[HealthChanged | AnswerChanged]:
        """Return how health changed, to the minute, and the answers that clients got; raises ProbeError.

        It waits for a few minutes first, until CloudWatch has the last metrics.
        """
        await self._sleep(METRICS_LATE_S)
        try:
            health = await asyncio.to_thread(
                metrics.health, self._watched.health, self._watched.checks, since=since, until=time.time()
            )
        except (BotoCoreError, ClientError) as error:
            raise ProbeError(f"CloudWatch does not tell how health changed ({error}).") from error
        every: list[HealthChanged | AnswerChanged] = [*health, *await self._answers.changes(since)]
        return sorted(every, key=lambda change: change.at)

    async def calls(self, since: float, until: float) -> Sequence[CallMade]:
        """Return the calls between two times by roles of the deployment, or by the drill; raises ProbeError.

        It waits first, until CloudTrail has had a quarter of an hour since the last one.
        """
        await self._sleep(max(0.0, until + trail.LATE_S - time.time()))
        try:
            return await asyncio.to_thread(
                trail.calls,
                self._watched.trails,
                self._deployment,
                me=self._watched.me,
                since=since,
                until=until,
            )
        except (BotoCoreError, ClientError) as error:
            raise ProbeError(f"CloudTrail does not tell which calls were made ({error}).") from error

    async def versions(self) -> Mapping[Role, str]:
        """Return the version of the API that each Region which answers says that it serves."""
        domain, found = self._deployment.api.domain, {}
        for role, region in self._regions.items():
            host = domain.of_region(region.name) if domain else ""
            document = await _document(f"https://{host}/openapi.json")
            if document is not None:
                found[role] = str(document.get("info", {}).get("version"))
        return found

    def _lag_s(self, source: Role) -> float | None:
        region, peer = self._regions[source], self._regions[source.peer]
        try:
            return metrics.lag_s(
                region.clients["cloudwatch"], table=region.table, receiving=peer.name, now=time.time()
            )
        except (BotoCoreError, ClientError):
            return None


def shared_name(deployment: Deployment) -> str:
    """Return the name that fails over; raises ProbeError for a deployment without one."""
    if deployment.api.domain is None:
        raise ProbeError(f"{deployment.name} has no domain, so nothing leads elsewhere in a drill.")
    return deployment.api.domain.name


async def region_at(address: str, *, host: str) -> str | None:
    """Return the X-Region with which an address answers GET /health in the name of a host, None without."""
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=WAIT_S), middlewares=(named(host),)) as session,
            session.get(f"https://{address}/health") as answer,
        ):
            return answer.headers.get("X-Region")
    except (HttpError, TimeoutError, OSError):
        return None


async def _document(url: str) -> dict[str, Any] | None:
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=WAIT_S)) as session,
            session.get(url) as answer,
        ):
            found = await answer.json(content_type=None) if answer.status == 200 else None
    except (HttpError, TimeoutError, OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
