"""The front door forwards what it is given, byte for byte, and says so where it cannot."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import ClientTimeout

from pipeline.local import front_door
from tests.pipeline.local.doors import Door, Upstream, opened
from tests.ports import free_ports

HOP_BY_HOP = {
    "Keep-Alive": "timeout=5",
    "Proxy-Connection": "close",
    "TE": "trailers",
    "Upgrade": "h2c",
    "X-Secret-Hop": "1",
}


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    upstream = Upstream()
    yield upstream
    upstream.stop()


@pytest.fixture
def door(tmp_path: Path, upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    monkeypatch.setattr(front_door, "TIMEOUT", ClientTimeout(total=20, connect=4))
    yield from opened(tmp_path, upstream)


@pytest.mark.parametrize(
    "target",
    [
        "/users",
        "/",
        "/users/a%2Fb",
        "/users/%41%7e?email=a%2Bb%40c.d",
        "/a/../b//c/./d",
        "/users?x=1&x=2&empty=&space=%20+&slash=a/b",
        "/users?next=%C3%A9%00",
    ],
)
def test_path_and_query_arrive_as_they_were_sent(door: Door, upstream: Upstream, target: str) -> None:
    door.ask("GET", target)
    assert [request.target for request in upstream.asked] == [f"/restapis/api/local/_user_request_{target}"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_method_body_and_headers_arrive(door: Door, upstream: Upstream, method: str) -> None:
    headers = [("Content-Type", "application/json"), ("If-Match", '"1"'), ("X-Many", "a"), ("X-Many", "b")]
    door.ask(method, headers=headers, body=b"\0{}\xff")
    (request,) = upstream.asked
    assert (request.method, request.body) == (method, b"\0{}\xff")
    assert [(name, value) for name, value in request.headers if (name, value) in headers] == headers


def test_no_header_is_added_but_where_the_client_is(door: Door, upstream: Upstream) -> None:
    door.ask("GET")
    (request,) = upstream.asked
    assert sorted(name.lower() for name, _ in request.headers) == ["host", "x-forwarded-for"]
    assert request.header("X-Forwarded-For") == ["127.0.0.1"]
    assert upstream.url.startswith(f"http://{request.header('Host')[0]}/")


def test_headers_of_the_clients_connection_are_not_forwarded(door: Door, upstream: Upstream) -> None:
    connection = ("Connection", "keep-alive, X-Secret-Hop")
    door.ask(headers=[connection, *HOP_BY_HOP.items(), ("X-Kept", "1")])
    (request,) = upstream.asked
    assert request.header("X-Kept") == ["1"]
    assert [name for name in (*HOP_BY_HOP, "Connection") if request.header(name)] == []


def test_a_compressed_body_is_forwarded_as_it_is(door: Door, upstream: Upstream) -> None:
    body = gzip.compress(b'{"name": "Ada"}')
    door.ask("POST", headers=[("Content-Encoding", "gzip")], body=body)
    (request,) = upstream.asked
    assert (request.body, request.header("Content-Encoding")) == (body, ["gzip"])


def test_a_body_sent_in_chunks_arrives_whole(door: Door, upstream: Upstream) -> None:
    with socket.create_connection(("127.0.0.1", door.port), timeout=20) as client:
        client.sendall(
            b"POST /users HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
            b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        )
        assert client.makefile("rb").readline() == b"HTTP/1.1 200 OK\r\n"
    (request,) = upstream.asked
    assert (request.body, request.header("Transfer-Encoding")) == (b"abcde", [])


def test_the_answer_comes_back_as_it_was_given(door: Door, upstream: Upstream) -> None:
    upstream.status, upstream.body = 422, b"\x1f\x8b not decoded"
    upstream.headers = [
        ("Content-Type", "application/problem+json"),
        ("Content-Encoding", "gzip"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("Keep-Alive", "timeout=5"),
        ("X-Region", "eu-west-1"),
    ]
    answer = door.ask()
    assert (answer.status, answer.body) == (422, b"\x1f\x8b not decoded")
    assert answer.header("Set-Cookie") == ["a=1", "b=2"]
    assert answer.header("Content-Encoding") == ["gzip"]
    assert answer.header("X-Region") == ["eu-west-1"]
    assert answer.header("Content-Length") == [str(len(upstream.body))]
    assert answer.header("Keep-Alive") == []


def test_one_clients_cookie_is_not_sent_for_another(door: Door, upstream: Upstream) -> None:
    upstream.headers = [("Set-Cookie", "session=secret; Path=/")]
    door.ask()
    door.ask()
    assert [request.header("Cookie") for request in upstream.asked] == [[], []]


def test_a_redirect_is_the_clients_to_follow(door: Door, upstream: Upstream) -> None:
    upstream.status, upstream.headers = 307, [("Location", "/elsewhere")]
    answer = door.ask()
    assert (answer.status, answer.header("Location")) == (307, ["/elsewhere"])
    assert len(upstream.asked) == 1


def test_head_has_the_headers_and_no_body(door: Door, upstream: Upstream) -> None:
    upstream.body, upstream.headers = b"seven b", [("ETag", '"1"')]
    answer = door.ask("HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert (answer.header("Content-Length"), answer.header("ETag")) == (["7"], ['"1"'])
    assert upstream.asked[0].method == "HEAD"


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_content_has_none(door: Door, upstream: Upstream, status: int) -> None:
    upstream.status, upstream.body = status, b""
    answer = door.ask()
    assert (answer.status, answer.body) == (status, b"")


def test_each_port_has_its_own_route_and_changes_are_seen_at_once(door: Door, upstream: Upstream) -> None:
    other = door.port + 1
    assert door.ask(port=other).problem == "Nothing is deployed behind this address yet"
    door.route({door.port: upstream.url, other: f"{upstream.url}/other"})
    assert door.ask(port=other).status == 200
    assert door.ask().status == 200
    assert [request.target.rpartition("_user_request_")[2] for request in upstream.asked] == [
        "/other/users",
        "/users",
    ]


def test_routes_that_are_gone_lead_nowhere(door: Door) -> None:
    assert door.ask().status == 200
    door.routes.unlink()
    answer = door.ask()
    assert (answer.status, answer.problem) == (503, "Nothing is deployed behind this address yet")


def test_a_region_that_is_down_is_a_problem(door: Door) -> None:
    door.route({door.port: f"http://127.0.0.1:{free_ports(1)}"})
    answer = door.ask("POST", body=b"{}")
    assert (answer.status, answer.problem) == (503, "The Region cannot be reached")


def test_a_region_that_is_silent_is_a_problem_after_a_while(
    tmp_path: Path, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front_door, "TIMEOUT", ClientTimeout(total=0.05))
    upstream.speaks.clear()
    (answer,) = (door.ask() for door in opened(tmp_path, upstream))
    assert (answer.status, answer.problem) == (504, "The Region did not answer in time")


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")  # it is on loopback
@pytest.mark.parametrize(("too_many", "status"), [(0, 200), (1, 413)])
def test_a_body_may_be_as_large_as_an_api_gateway_takes(
    door: Door, upstream: Upstream, monkeypatch: pytest.MonkeyPatch, too_many: int, status: int
) -> None:
    monkeypatch.setattr(front_door, "LARGEST_BODY", 2 * 1024**2)
    assert door.ask("POST", body=b"x" * (2 * 1024**2 + too_many)).status == status
    assert [len(request.body) for request in upstream.asked] == ([2 * 1024**2] if status == 200 else [])
