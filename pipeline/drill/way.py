"""How a client finds the API: it asks DNS, and goes by the answer for longer or shorter."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from pipeline.drill.attempt import ClientKind

Lookup = Callable[[], Awaitable[str]]

# A client that caches DNS too long keeps an answer a quarter longer than it may.
TOO_LONG = 1.25


class NowhereError(Exception):
    """DNS leads nowhere."""


class Way:
    """The base URL to which a client's next request goes.

    `lookup` asks DNS and keeps the answer, for its TTL or too long. A client that keeps its connections asks
    only when it opens one: at first, and after a request that failed.
    """

    def __init__(self, kind: ClientKind, lookup: Lookup) -> None:
        self._keeps = kind is ClientKind.KEEPS_CONNECTIONS
        self._lookup = lookup
        self._url: str | None = None

    async def url(self) -> str:
        """Return where to go; raises NowhereError."""
        if self._url is None or not self._keeps:
            self._url = await self._lookup()
        return self._url

    def give_up(self) -> None:
        """Drop the connection: the last request failed."""
        self._url = None
