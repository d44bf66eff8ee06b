"""What DNS answers to a client on this machine: by the resolver that the system has, with real TTLs."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import dns.asyncresolver
from dns.exception import DNSException

from pipeline.drill.attempt import ClientKind
from pipeline.drill.way import TOO_LONG, Lookup, NowhereError

LONGEST_ANSWER_S = 5.0


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """IPv4 addresses of a name, in the order of the answer, and for how many seconds they may be kept."""

    addresses: Sequence[str]
    ttl_s: float


Resolve = Callable[[str], Awaitable[Resolved]]


async def resolve(name: str) -> Resolved:
    """Ask the system's resolver for the addresses of a name; raises NowhereError.

    IPv4 alone, as health checks do. What is left of a TTL is what a resolver on the way says that it is.
    """
    try:
        answer = await dns.asyncresolver.resolve(name, "A", lifetime=LONGEST_ANSWER_S)
    except DNSException as error:
        raise NowhereError(f"{name}: {error}") from error
    return Resolved(
        addresses=[str(record.address) for record in answer],
        ttl_s=float(answer.rrset.ttl if answer.rrset else 0),
    )


def remembering(
    kind: ClientKind,
    name: str,
    resolve: Resolve,
    *,
    note: Callable[[str], None],
    clock: Callable[[], float] = time.monotonic,
) -> Lookup:
    """Return how a client of a kind finds a name: it keeps an answer for its TTL, or for too long.

    `note` is told each address that is answered. The lookup raises NowhereError.
    """
    keeps = TOO_LONG if kind is ClientKind.CACHES_DNS else 1.0
    url, until = "", float("-inf")

    async def look_up() -> str:
        nonlocal url, until
        if clock() >= until:
            answer = await resolve(name)
            if not answer.addresses:
                raise NowhereError(f"{name} has no address.")
            url, until = f"https://{answer.addresses[0]}", clock() + answer.ttl_s * keeps
            note(answer.addresses[0])
        return url

    return look_up
