"""Before the emulator calls are noted, tables fail when told to, and who has left is not served."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from pipeline.local.emulator.endpoint import Endpoint, Message, Receive, Scope, Send

API = "/restapis/a1/live/_user_request_/users"
DISCONNECT: Message = {"type": "http.disconnect"}
AUTHORIZATION = b"AWS4-HMAC-SHA256 Credential=0/20261124/eu-west-1/%s/aws4_request, Signature=1"


def part(body: bytes = b"", *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


class Region:
    """An endpoint before an emulator that reads the whole of what it gets, and answers 299."""

    def __init__(self) -> None:
        self.endpoint = Endpoint(self._emulator)
        self.served: list[bytes] = []
        self.after: list[Message] = []

    async def _emulator(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            body, more = b"", True
            while more:
                message = await receive()
                body, more = body + message.get("body", b""), message.get("more_body", False)
            self.served.append(body)
            if scope["path"].endswith("/wait"):
                self.after.append(await receive())
        await send({"type": "http.response.start", "status": 299, "headers": []})

    def ask(
        self,
        call: str,
        *messages: Message,
        service: bytes = b"dynamodb",
        late: Message | None = None,
        headers: Sequence[tuple[bytes, bytes]] = (),
    ) -> int | None:
        """Return the status, None where nothing was answered; `late` is what the server has after a while."""
        return asyncio.run(asyncio.wait_for(self._ask(call, messages, service, late, headers), 20))

    async def _ask(
        self,
        call: str,
        messages: Sequence[Message],
        service: bytes,
        late: Message | None,
        headers: Sequence[tuple[bytes, bytes]],
    ) -> int | None:
        queue: asyncio.Queue[Message] = asyncio.Queue()
        for message in messages:
            queue.put_nowait(message)
        if late:
            asyncio.get_running_loop().call_later(0.05, queue.put_nowait, late)
        method, _, path = call.partition(" ")
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": b"",
            "headers": [
                (b"user-agent", b"tests"),
                (b"authorization", AUTHORIZATION.replace(b"%s", service)),
                *headers,
            ],
        }
        await self.endpoint(scope, queue.get, send)
        return sent[0]["status"] if sent else None

    @property
    def noted(self) -> list[tuple[str, str, str]]:
        return [(call.service, call.action, call.agent) for call in self.endpoint.calls.between(0, 9e9)]


def target(action: bytes) -> list[tuple[bytes, bytes]]:
    return [(b"x-amz-target", b"DynamoDB_20120810." + action)]


FORM = [(b"content-type", b"application/x-www-form-urlencoded; charset=utf-8")]


@pytest.fixture
def region() -> Region:
    return Region()


def test_a_call_is_noted_with_who_made_it(region: Region) -> None:
    assert region.ask("POST /", part(b"{}"), headers=target(b"GetItem")) == 299
    assert region.noted == [("dynamodb", "GetItem", "tests")]


def test_a_form_is_noted_by_its_action_and_handed_on_whole(region: Region) -> None:
    parts = (part(b"Action=AssumeRole", more=True), part(b"&Version=1", more=True), part())
    assert region.ask("POST /", *parts, service=b"sts", headers=FORM) == 299
    assert region.noted == [("sts", "AssumeRole", "tests")]
    assert region.served == [b"Action=AssumeRole&Version=1"]


@pytest.mark.parametrize("path", [API, "/_aws/execute-api/a1/live/users"])
def test_requests_for_the_deployed_api_are_no_calls(region: Region, path: str) -> None:
    assert region.ask(f"GET {path}", part()) == 299
    assert region.noted == []


def test_nor_are_those_that_come_by_the_apis_own_name(region: Region) -> None:
    headers = [(b"host", b"a1b2c3d4.execute-api.localhost:4566")]
    assert region.ask("GET /live/users", part(), headers=headers) == 299
    assert region.noted == []


def test_managing_an_api_is_a_call(region: Region) -> None:
    region.ask("POST /restapis/a1/deployments", part(), service=b"apigateway")
    assert region.noted == [("apigateway", "CreateDeployment", "tests")]


def test_an_unreachable_table_fails_every_call_of_dynamodb_and_no_other(region: Region) -> None:
    region.endpoint.set_table("unreachable")
    parts = (part(b"{", more=True), part(b"}"))
    assert region.ask("POST /", *parts, headers=target(b"PutItem")) == 500
    assert region.ask("POST /", part(), headers=target(b"DescribeTable")) == 500
    assert region.served == []
    assert region.ask("POST /", part(), service=b"events") == 299
    assert region.ask(f"POST {API}", part()) == 299
    assert [action for _, action, _ in region.noted] == ["PutItem", "DescribeTable", "POST /"]


def test_a_table_that_is_reachable_again_is_served(region: Region) -> None:
    region.endpoint.set_table("unreachable")
    region.endpoint.set_table(None)
    assert region.ask("POST /", part(), headers=target(b"PutItem")) == 299


@pytest.mark.parametrize("state", ["gone", "", True, 0, {}])
def test_a_table_has_no_other_states(region: Region, state: object) -> None:
    with pytest.raises(ValueError, match="`table` is `unreachable` or null"):
        region.endpoint.set_table(state)
    assert region.endpoint.table is None


@pytest.mark.parametrize(
    "messages",
    [
        (DISCONNECT,),
        (part(b'{"na', more=True), DISCONNECT),
        (part(b"{}"), DISCONNECT),
        (part(b"{}", more=True), part(), DISCONNECT),
    ],
)
def test_a_request_whose_client_has_left_is_not_executed(
    region: Region, messages: tuple[Message, ...]
) -> None:
    assert region.ask(f"POST {API}", *messages) is None
    assert region.served == []


def test_a_request_whose_client_waits_is_executed_whole(region: Region) -> None:
    assert region.ask(f"POST {API}", part(b'{"name"', more=True), part(b": 1}", more=True), part()) == 299
    assert region.served == [b'{"name": 1}']


def test_a_client_that_leaves_later_is_still_heard_to(region: Region) -> None:
    assert region.ask(f"GET {API}/wait", part(), late=DISCONNECT) == 299
    assert region.after == [DISCONNECT]


def test_what_is_not_http_is_handed_on(region: Region) -> None:
    sent: list[Any] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError("nothing is read of it here")

    asyncio.run(region.endpoint({"type": "lifespan"}, receive, send))
    assert sent[0]["status"] == 299


@pytest.mark.parametrize("left", [False, True])
def test_a_call_to_a_table_is_served_only_while_the_function_is_there(left: bool) -> None:
    region = Region()
    after = (DISCONNECT,) if left else ()
    headers = [(b"x-amz-target", b"DynamoDB_20120810.TransactWriteItems")]
    status = region.ask("POST /", part(b"{}"), *after, headers=headers)
    assert (status, region.served) == ((None, []) if left else (299, [b"{}"]))
