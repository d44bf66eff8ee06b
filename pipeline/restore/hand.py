"""Requests to the API that are no part of the load, each attempt of a write in the ledger as well."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from pipeline.drill.attempt import Answered, Asked, ClientKind, Outcome
from pipeline.drill.client import answered
from pipeline.drill.clock import Clock
from pipeline.drill.faults import FaultError
from pipeline.drill.ledger import Ledger
from pipeline.drill.workload import Request

RETRY_S = 0.5


@dataclass(kw_only=True)
class Hand:
    """Sends one request after the other by hand, under the name of a client of its own.

    What is not done after `most_s` seconds of trying again raises FaultError.
    """

    name: str
    http: httpx.Client
    ledger: Ledger
    clock: Clock
    most_s: float = 60.0
    _numbers: Iterator[int] = field(default_factory=count)

    def write(self, request: Request) -> httpx.Response:
        """Send a request until it is acknowledged; raises FaultError where it is refused for good.

        One that may not be repeated is sent again only where nothing was written.
        """
        write, ends = f"{self.name}-{next(self._numbers)}", time.monotonic() + self.most_s
        while True:
            end, response = self._attempt(request, write)
            if end.outcome is Outcome.ACKNOWLEDGED and response is not None:
                return response
            again = end.outcome is Outcome.UNKNOWN and request.may_be_repeated
            if not (again or end.status in (429, 503)) or time.monotonic() > ends:
                said = end.detail or f"status {end.status}"
                raise FaultError(f"{request.method} {request.path} was not done: {said}")
            time.sleep(RETRY_S)

    def read(self, path: str) -> dict[str, Any]:
        """Return the JSON that a path answers with; raises FaultError where it is never answered with 200."""
        ends, said = time.monotonic() + self.most_s, ""
        while time.monotonic() < ends:
            try:
                response = self.http.get(path)
            except httpx.HTTPError as error:
                said = repr(error)
            else:
                if response.status_code == 200:
                    found: dict[str, Any] = response.json()
                    return found
                said = f"status {response.status_code}: {response.text[:200]}"
                if response.status_code < 500:
                    break
            time.sleep(RETRY_S)
        raise FaultError(f"GET {path} was not answered: {said}")

    def _attempt(self, request: Request, write: str) -> tuple[Answered, httpx.Response | None]:
        asked = Asked(
            id=f"{self.name}-a{next(self._numbers)}",
            write=write,
            client=self.name,
            kind=ClientKind.OBEYS_TTL,
            operation=request.operation,
            users=request.users,
            sent_at=self.clock.now(),
            key=request.key,
            if_match=request.if_match,
        )
        self.ledger.ask(asked)
        headers = {"Idempotency-Key": request.key} if request.key else {}
        headers |= {"If-Match": request.if_match} if request.if_match else {}
        try:
            response = self.http.request(request.method, request.path, json=request.body, headers=headers)
            end = answered(
                asked.id, response.status_code, response.headers, response.json(), at=self.clock.now()
            )
        except (httpx.HTTPError, ValueError) as error:
            detail = f"{type(error).__name__}: {error}"[:200]
            end = Answered(id=asked.id, answered_at=self.clock.now(), outcome=Outcome.UNKNOWN, detail=detail)
            response = None
        self.ledger.answer(end)
        return end, response
