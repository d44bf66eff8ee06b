"""What a drill sees of this machine's two emulated Regions, and of the DNS before them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout
from aiohttp.client_middlewares import ClientMiddlewareType

from pipeline.drill.attempt import ClientKind
from pipeline.drill.local import dns_log
from pipeline.drill.local.aws import AGENT
from pipeline.drill.local.dns_log import Change
from pipeline.drill.local.learnt import Learnt
from pipeline.drill.probes import ProbeError
from pipeline.drill.step import Role
from pipeline.drill.timeline import CallMade
from pipeline.drill.way import TOO_LONG, Lookup, NowhereError
from pipeline.local.dns.alarm import AGENT as ROUTE_53
from pipeline.local.dns.deployed import ADDRESSES
from pipeline.local.dns.resolver import NoAnswerError, Resolver
from pipeline.local.layout import HOST, Layout, RegionPlace
from pipeline.local.service import Service

LOOK_S = 1.0
TTL_S = 60.0  # of an alias to API Gateway
READ_S = 15.0  # for all the calls of a drill


class LocalProbes:
    """The Probes of a platform that `make up` started.

    Args:
        dns: the process of the DNS.
        time_scale: divides every TTL.
        learnt: tells which Regions were lost, and with them what they knew of calls.
    """

    def __init__(self, layout: Layout, dns: Service, learnt: Learnt, *, time_scale: float = 1) -> None:
        domain = layout.deployment.api.domain
        if domain is None:
            raise ValueError(
                f"{layout.deployment.name} has no domain, so nothing leads elsewhere in a drill."
            )
        self._name = domain.name
        self._places = dict(zip(Role, layout.regions, strict=True))
        self._dns_port = dns.ports[0]
        self._events = dns_log.file_of(dns)
        self._time_scale = time_scale
        self._clients: Counter[ClientKind] = Counter()
        self._learnt = learnt
        self._logs: dict[float, dns_log.DnsLog] = {}
        self.middlewares: tuple[ClientMiddlewareType, ...] = ()

    async def lookup(self, kind: ClientKind) -> Lookup:
        """Return how a client of a kind finds the API: by a resolver of its own, to a Region's own port.

        One that caches DNS too long has a clock that is slow by as much. Every other client begins with an
        answer that is half a TTL old, as from a resolver that others share: else all would ask at the same
        moments, and how long they suffer would hang on when that is. The lookup raises NowhereError.
        """
        resolver, clock = Resolver(self._dns_port, clock=_clock(kind)), _clock(kind)
        self._clients[kind] += 1
        forgets_at = clock() + TTL_S / self._time_scale / 2 if self._clients[kind] % 2 == 0 else None
        urls = {ADDRESSES[role]: place.api_url for role, place in self._places.items()}

        async def look_up() -> str:
            nonlocal resolver, forgets_at
            if forgets_at is not None and clock() > forgets_at:
                resolver, forgets_at = Resolver(self._dns_port, clock=clock), None
            try:
                address = await resolver.address(self._name)
                return urls[address]
            except NoAnswerError as error:
                raise NowhereError(str(error)) from error
            except KeyError as error:
                raise NowhereError(f"{self._name} leads to {error}, which is no Region") from error

        return look_up

    async def answered(self) -> Role | None:
        """Return the Region to which DNS leads now, None where it leads nowhere or does not tell."""
        state = await _ask(f"http://{HOST}:{self._dns_port}/_local/health", LOOK_S)
        answers = (state or {}).get("answers", {})
        found = next((answer for name, answer in answers.items() if name.rstrip(".") == self._name), None)
        return Role(found["role"]) if found and found["role"] else None

    async def lag_s(self, source: Role) -> float | None:
        """Return how many seconds what leaves a Region is behind, None where the other cannot tell.

        A source that is frozen counts as connected until its peer's request has run out of time, after 6 s.
        """
        status = await _ask(f"{self._places[source.peer].aws_url}/_local/status", LOOK_S)
        for replication in (status or {}).get("replication", ()):
            if replication["peer"] == self._places[source].name and replication["connected"]:
                return float(replication["behind_ms"]) / 1000
        return None

    async def changes(self, since: float) -> Sequence[Change]:
        """Return how health and answers changed since a time.

        What was read once is kept: the DNS begins its log anew when it starts. Raises ProbeError for a log
        that is not there, is full, or was begun later, with no earlier one read or kept.
        """
        try:
            logs = [dns_log.read(file, self._name) for file in (*self._learnt.dns_logs, self._events)]
        except (OSError, ValueError) as error:
            raise ProbeError(f"What the DNS answered cannot be read: {error}") from error
        self._logs |= {log.began: log for log in logs}
        if any(log.full for log in logs):
            raise ProbeError(f"{self._events} is full: what the DNS answered last is not in it.")
        if (began := min(self._logs)) > since:
            raise ProbeError(
                f"What the DNS answered is not known for {began - since:.1f} s before it started."
            )
        every = [change for log in self._logs.values() for change in log.changes if change.at >= since]
        return sorted(every, key=lambda change: change.at)

    async def calls(self, since: float, until: float) -> Sequence[CallMade]:
        """Return the calls to AWS's APIs between two times, in either Region; raises ProbeError.

        Of a Region that was lost, those are missing that it had noted before.
        """
        found = [
            call
            for role, place in self._places.items()
            for call in await self._calls(role, place, since, until)
        ]
        return sorted(found, key=lambda call: call.at)

    async def _calls(self, role: Role, place: RegionPlace, since: float, until: float) -> Sequence[CallMade]:
        lost = self._learnt.was_lost(role)
        answer = await _ask(f"{place.aws_url}/_local/calls?since={since}&until={until}", READ_S)
        if answer is None:
            if lost:
                return []
            raise ProbeError(f"The {role} Region does not tell which calls it took.")
        if answer["complete_since"] > since and not lost:
            gone = answer["complete_since"] - since
            raise ProbeError(f"The {role} Region forgot which calls it took in the first {gone:.1f} s.")
        return [
            CallMade(
                at=call["at"],
                service=call["service"],
                action=call["action"],
                by_drill=AGENT in call["agent"],
            )
            for call in answer["calls"]
            if ROUTE_53 not in call["agent"]
        ]

    async def versions(self) -> Mapping[Role, str]:
        """Return what each Region that answers says that it is."""
        found = {
            role: await _ask(f"{place.aws_url}/_local/status", LOOK_S) for role, place in self._places.items()
        }
        return {role: str(status["version"]) for role, status in found.items() if status is not None}


def _clock(kind: ClientKind) -> Callable[[], float]:
    slowness = TOO_LONG if kind is ClientKind.CACHES_DNS else 1
    return lambda: monotonic() / slowness


async def _ask(url: str, wait_s: float) -> dict[str, Any] | None:
    """Return the object that is answered, None where nothing is in time."""
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=wait_s)) as session,
            session.get(url) as answer,
        ):
            found = await answer.json() if answer.status == 200 else None
    except (ClientError, TimeoutError, OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
