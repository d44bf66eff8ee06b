"""A REST client whose every attempt goes to the ledger: before it is sent, and when it has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from pipeline.drill.attempt import Answered, Asked, ClientKind, Operation, Outcome, Stored, outcome_of
from pipeline.drill.clock import Clock
from pipeline.drill.ledger import Ledger
from pipeline.drill.way import NowhereError, Way
from pipeline.drill.workload import Request, Workload

FENCED = "Writes are paused in this region"


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How a client works: seconds between two requests, before a retry, and for an answer.

    Each retry of a request waits twice as long as the one before, up to `longest_retry_s`. `most` is how many
    requests a client sends in all.
    """

    between_s: float = 0.1
    retry_s: float = 0.2
    longest_retry_s: float = 1.0
    timeout_s: float = 5.0
    most: int = 20_000


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: the end for the ledger, the ETag, and the body where it was JSON."""

    end: Answered
    etag: str | None = None


class Client:
    """Works on users of its own until it is told to stop, and sees each write through as far as it can.

    What it may repeat without doing it twice it repeats until it knows. After a change of which it does not
    know it reads the user, and goes on from what it finds. Whom it may have deleted it leaves alone: to
    change a user who is gone in one Region would bring them back.

    `served_by` is the Region that took its last write, at `served_at`, and None since a request failed.
    """

    def __init__(
        self,
        workload: Workload,
        *,
        kind: ClientKind,
        way: Way,
        session: ClientSession,
        ledger: Ledger,
        clock: Clock,
        pace: Pace,
    ) -> None:
        self.kind = kind
        self.served_by: str | None = None
        self.served_at = 0.0
        self._workload = workload
        self._way = way
        self._session = session
        self._ledger = ledger
        self._clock = clock
        self._pace = pace
        self._sent = 0

    async def work(self, stopping: asyncio.Event) -> None:
        """Send one request after the other."""
        while not stopping.is_set() and self._sent < self._pace.most:
            await self._see_through(self._workload.next(), stopping)
            await _pause(self._pace.between_s, stopping)

    async def _see_through(self, request: Request, stopping: asyncio.Event) -> None:
        """Send a request until it is known what became of it, or the drill stops."""
        write = f"{self._workload.client}-{self._sent}"
        wait_s = self._pace.retry_s
        while not stopping.is_set() and self._sent < self._pace.most:
            answer = await self._attempt(request, write)
            if _decided(answer.end):
                self._learn(request, answer)
                return
            if answer.end.outcome is Outcome.UNKNOWN and not request.may_be_repeated:
                user_id = request.users[0].user_id or ""
                if request.operation is Operation.DELETE:
                    self._workload.etags.pop(user_id, None)
                    return
                request, write = self._workload.read(user_id), f"{self._workload.client}-{self._sent}"
            await _pause(wait_s, stopping)
            wait_s = min(wait_s * 2, self._pace.longest_retry_s)

    async def _attempt(self, request: Request, write: str) -> Answer:
        self._sent += 1
        asked = Asked(
            id=f"{self._workload.client}-a{self._sent}",
            write=write,
            client=self._workload.client,
            kind=self.kind,
            operation=request.operation,
            users=request.users,
            sent_at=self._clock.now(),
            key=request.key,
            if_match=request.if_match,
        )
        self._ledger.ask(asked)
        answer = await self._send(asked.id, request)
        self._ledger.answer(answer.end)
        if answer.end.status is None or answer.end.status >= 500:
            self._way.give_up()
            self.served_by = None
        elif answer.end.outcome is Outcome.ACKNOWLEDGED and request.operation is not Operation.READ:
            self.served_by, self.served_at = answer.end.region, answer.end.answered_at
        return answer

    async def _send(self, id: str, request: Request) -> Answer:
        headers = {"Idempotency-Key": request.key} if request.key else {}
        headers |= {"If-Match": request.if_match} if request.if_match else {}
        try:
            url = await self._way.url()
            async with self._session.request(
                request.method,
                url + request.path,
                json=request.body,
                headers=headers,
                timeout=ClientTimeout(total=self._pace.timeout_s),
            ) as answer:
                body = await answer.json(content_type=None)
                return Answer(
                    end=answered(id, answer.status, answer.headers, body, at=self._clock.now()),
                    etag=answer.headers.get("ETag"),
                )
        except (ClientError, TimeoutError, OSError, ValueError, NowhereError) as error:
            detail = f"{type(error).__name__}: {error}"[:200]
            return Answer(
                end=Answered(id=id, answered_at=self._clock.now(), outcome=Outcome.UNKNOWN, detail=detail)
            )

    def _learn(self, request: Request, answer: Answer) -> None:
        """Keep the users that there are, with their ETags; forget those that are gone or have moved on."""
        etags, end = self._workload.etags, answer.end
        if request.operation is Operation.BATCH:
            return  # a batch answers with no ETag: its users are left alone
        for wanted in request.users:
            if wanted.user_id and (end.outcome is Outcome.REFUSED or request.operation is Operation.DELETE):
                etags.pop(wanted.user_id, None)
        if end.outcome is Outcome.ACKNOWLEDGED and answer.etag:
            for stored in end.users:
                etags[stored.user_id] = answer.etag


def answered(id: str, status: int, headers: Mapping[str, str], body: Any, *, at: float) -> Answered:  # noqa: ANN401 - JSON
    """Return how an attempt ended that was answered with a status, headers and JSON, at a time."""
    body = body if isinstance(body, dict) else {}
    users = body["users"] if "users" in body else [body["user"]] if "user" in body else []
    return Answered(
        id=id,
        answered_at=at,
        outcome=outcome_of(status, fenced=body.get("detail") == FENCED),
        status=status,
        region=headers.get("X-Region"),
        users=tuple(
            Stored(user_id=u["user_id"], email=u["email"], version=u["version"], at=u["timestamp"])
            for u in users
        ),
        detail="" if status < 400 else str(body.get("detail", "")),
    )


def _decided(end: Answered) -> bool:
    """Tell whether the answer settles the request: it was done, or it was at fault itself."""
    if end.outcome is Outcome.ACKNOWLEDGED:
        return True
    return end.outcome is Outcome.REFUSED and end.status not in (403, 429, 503)


async def _pause(seconds: float, stopping: asyncio.Event) -> None:
    """Wait, but not for longer than until the drill stops."""
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        return
