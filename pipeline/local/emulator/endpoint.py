"""What stands before the emulator: it notes calls of AWS's APIs, and plays a Region that is partly broken."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from pipeline.local.emulator.call_log import CallLog
from pipeline.local.emulator.operation import Operation, Request, operation

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

EXECUTION = "/_user_request_"
UNREACHABLE = "unreachable"
# How often the loop must turn until a connection's end that is there already has come up through the server.
TURNS = 8


class Endpoint:
    """An ASGI application between the server and the emulator.

    A request for the deployed API, or for a table, whose client has left is not executed: API Gateway answers
    within 29 s or not at all (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html),
    so a Region that comes back after minutes does not serve what was asked of it before, and a function whose
    time has run out writes no more. One that is still at work when its Region comes back goes on.
    """

    def __init__(self, emulator: App, *, calls: CallLog | None = None) -> None:
        self._emulator = emulator
        self.calls = calls or CallLog(time.time())
        self.table: str | None = None

    def set_table(self, state: object) -> None:
        """Make DynamoDB here `unreachable`, or, with None, reachable again; a restart forgets it.

        Replication goes on: it asks in another way. Raises ValueError for any other state.
        """
        if state not in (UNREACHABLE, None):
            raise ValueError(f"`table` is `{UNREACHABLE}` or null")
        self.table = UNREACHABLE if state else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._emulator(scope, receive, send)
        elif _is_execution(scope):
            await self._if_wanted(scope, receive, send)
        else:
            await self._call(scope, receive, send)

    async def _if_wanted(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, once it is whole, if its client is still there."""
        messages = [await receive()]
        while messages[-1].get("more_body"):
            messages.append(await receive())
        after = asyncio.ensure_future(receive())
        try:
            for _ in range(TURNS):
                await asyncio.sleep(0)
            if messages[-1]["type"] == "http.disconnect" or after.done():
                return

            async def again() -> Message:
                return messages.pop(0) if messages else await asyncio.shield(after)

            await self._emulator(scope, again, send)
        finally:
            after.cancel()

    async def _call(self, scope: Scope, receive: Receive, send: Send) -> None:
        at = time.time()
        request = Request(scope["method"], scope["path"], scope["query_string"], dict(scope["headers"]))
        if request.is_form:
            await self._emulator(scope, self._noting(at, request, receive), send)
            return
        asked = self._note(at, request)
        if asked.service != "dynamodb":
            await self._emulator(scope, receive, send)
        elif self.table == UNREACHABLE:
            await _fail(receive, send)
        else:
            await self._if_wanted(scope, receive, send)

    def _note(self, at: float, request: Request, form: bytes = b"") -> Operation:
        asked = operation(request, form)
        self.calls.add(at, asked, request.headers.get(b"user-agent", b"").decode("latin-1"))
        return asked

    def _noting(self, at: float, request: Request, receive: Receive) -> Receive:
        """Return a `receive` that notes the call once the form's beginning is there, which has its action."""
        noted = False

        async def noting() -> Message:
            nonlocal noted
            message = await receive()
            if not noted:
                noted = True
                self._note(at, request, message.get("body", b""))
            return message

        return noting


def _is_execution(scope: Scope) -> bool:
    """Tell whether a request is for the deployed API, by one of the addresses under which it answers."""
    path: str = scope["path"]
    if path.startswith("/restapis/"):
        return EXECUTION in path
    if path.startswith("/_aws/execute-api/"):
        return True
    return any(name == b"host" and b".execute-api." in value for name, value in scope["headers"])


async def _fail(receive: Receive, send: Send) -> None:
    """Answer as DynamoDB does that cannot: an error on the server side, with nothing done.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
    """
    while (await receive()).get("more_body"):
        pass
    error = {
        "__type": "com.amazonaws.dynamodb.v20120810#InternalServerError",
        "message": "The table is unreachable.",
    }
    content = json.dumps(error).encode()
    headers = [
        (b"content-type", b"application/x-amz-json-1.0"),
        (b"content-length", str(len(content)).encode()),
    ]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": content})
