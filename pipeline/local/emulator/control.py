"""What a Region's process answers besides AWS's APIs: its state, its journal, and switches for drills."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from pipeline.local.emulator.endpoint import App, Endpoint, Receive, Scope, Send
from pipeline.local.emulator.replica import Batch, Missed, Replica
from pipeline.local.emulator.replication import BATCH_LIMIT, Replication, batch_to_json

Answer = tuple[HTTPStatus, dict[str, Any]]
ReceivePoint = Callable[[str, dict[str, Any], bytes], Awaitable[None]]

PREFIX = "/_local/"


class Control:
    """An ASGI application that answers below `/_local/` and hands everything else to the emulator.

    Args:
        describe: the process's own facts for `GET status`.
        tables: `account/table` of every table here, for `GET tables`.
        checkpoint: saves all that is not in the journal (stacks, functions, objects).
    """

    def __init__(
        self,
        emulator: App,
        replica: Replica,
        *,
        describe: Callable[[], dict[str, Any]],
        tables: Callable[[], list[str]],
        checkpoint: Callable[[], None],
    ) -> None:
        self._endpoint = Endpoint(emulator)
        self._replica = replica
        self._describe = describe
        self._tables = tables
        self._checkpoint = checkpoint
        self._changed = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.replications: list[Replication] = []
        self.receive: ReceivePoint | None = None
        replica.on_change = self._notify

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        self._loop = asyncio.get_running_loop()
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._endpoint(scope, receive, send)
            return
        body = bytearray()
        while (message := await receive())["type"] == "http.request":
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        status, answer = await self._answer(scope, bytes(body))
        content = json.dumps(answer).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": int(status), "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _answer(self, scope: Scope, body: bytes) -> Answer:
        call = f"{scope['method']} {scope['path'].removeprefix(PREFIX)}"
        query = {name: values[-1] for name, values in parse_qs(scope["query_string"].decode()).items()}
        answer: dict[str, Any] = {}
        try:
            match call:
                case "GET status":
                    answer = self._status()
                case "GET tables":
                    answer = {"tables": self._tables()}
                case "GET changes":
                    answer = batch_to_json(await self._changes(query))
                case "GET calls":
                    answer = self._calls(query)
                case "GET faults":
                    answer = {"table": self._endpoint.table}
                case "POST faults":
                    answer = self._set_faults(json.loads(body))
                case "POST recovery-points" if self.receive is not None:
                    await self.receive(query["account"], json.loads(query["point"]), body)
                case "POST checkpoint":
                    self._checkpoint()
                case "POST replication":
                    answer = self._set_replication(json.loads(body))
                case _:
                    return HTTPStatus.NOT_FOUND, {"error": f"There is no {call}"}
        except (ValueError, KeyError, TypeError) as error:
            return HTTPStatus.BAD_REQUEST, {"error": f"{call}: {error}"}
        return HTTPStatus.OK, answer

    def _status(self) -> dict[str, Any]:
        replications = [replication.describe() for replication in self.replications]
        return {**self._describe(), "changes": self._replica.durable, "replication": replications}

    def _set_replication(self, settings: object) -> dict[str, Any]:
        if not isinstance(settings, dict) or not settings.keys() <= {"paused", "lag_ms"}:
            raise ValueError("the settings are an object of `paused` and `lag_ms`")
        paused, lag_ms = settings.get("paused"), settings.get("lag_ms")
        if not isinstance(paused, bool | None):
            raise ValueError("`paused` is true or false")
        if lag_ms is not None and (type(lag_ms) is not int or lag_ms < 0):
            raise ValueError("`lag_ms` is a whole number of milliseconds, not negative")
        for replication in self.replications:
            replication.set(paused=paused, lag_ms=lag_ms)
        return self._status()

    def _calls(self, query: dict[str, str]) -> dict[str, Any]:
        """Return the calls of AWS's APIs between two times, and since when none of them is missing."""
        log = self._endpoint.calls
        calls = log.between(float(query.get("since", 0)), float(query.get("until", math.inf)))
        return {"complete_since": log.complete_since, "calls": [call._asdict() for call in calls]}

    def _set_faults(self, faults: object) -> dict[str, Any]:
        if not isinstance(faults, dict) or faults.keys() != {"table"}:
            raise ValueError("the faults are an object of `table`")
        self._endpoint.set_table(faults["table"])
        return {"table": self._endpoint.table}

    async def _changes(self, query: dict[str, str]) -> Batch:
        """Return what the reader has not seen, as soon as there is any, or nothing once `wait` s are over."""
        if query.get("journal") != self._replica.journal_id:
            return Batch(self._replica.journal_id, [], 0)
        after, reader = int(query["after"]), query["reader"]
        missed = Missed(query["table"], int(query["until"])) if "until" in query else None
        loop = asyncio.get_running_loop()
        deadline = loop.time() + float(query["wait"])
        while True:
            self._changed.clear()
            batch = self._replica.batch(after, reader, BATCH_LIMIT, missed)
            if batch.changes or missed or (left := deadline - loop.time()) <= 0:
                return batch
            after = batch.read
            try:
                await asyncio.wait_for(self._changed.wait(), left)
            except TimeoutError:
                return batch

    def _notify(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._changed.set)
