"""One address leads to both Regions, each request to the one that it is signed for."""

from __future__ import annotations

import http.client
import json
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from pipeline.local.endpoint import endpoint
from pipeline.local.layout import Layout
from tests.pipeline.local.servers import Answer, Asked, Headers, Server
from tests.ports import free_ports

ASSUMED = b"""<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>
<AssumedRoleUser><AssumedRoleId>r:s</AssumedRoleId><Arn>arn:aws:sts::000000000000:assumed-role/r/s</Arn>
</AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>"""
TABLES = b'{"TableNames": ["users"]}'


class Cloud:
    """Two Regions that note what they are asked, behind one endpoint."""

    def __init__(self) -> None:
        self.layout = Layout(port=free_ports(6))
        self.asked: dict[str, list[Asked]] = {region.name: [] for region in self.layout.regions}
        self.answer = Answer(200, b"", ())
        self.servers = [self._serve(region.name, region.aws_port) for region in self.layout.regions]
        self.url = ""

    def _serve(self, name: str, port: int) -> Server:
        def answer(asked: Asked) -> Answer:
            self.asked[name].append(asked)
            if b"Action=AssumeRole" in asked.body:
                return Answer(200, ASSUMED, [("Content-Type", "text/xml")])
            if asked.header("X-Amz-Target"):
                return Answer(200, TABLES, [("Content-Type", "application/x-amz-json-1.0")])
            return self.answer

        return Server(answer, port)

    def ask(
        self, target: str = "/", *, method: str = "GET", headers: Headers = (), body: bytes = b""
    ) -> tuple[int, str]:
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=20)
        connection.request(method, target, body or None, dict(headers))
        found = connection.getresponse()
        answer = found.status, found.read().decode()
        connection.close()
        return answer

    def asked_regions(self) -> list[str]:
        return [name for name, asked in self.asked.items() if asked]


def signed(region: str, service: str = "s3") -> Headers:
    scope = f"Credential=000000000000/20260701/{region}/{service}/aws4_request"
    return [("Authorization", f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0")]


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    cloud = Cloud()
    with endpoint(cloud.layout) as cloud.url:
        yield cloud
    for server in cloud.servers:
        server.stop()


@pytest.mark.parametrize(
    ("headers", "region"),
    [
        (signed("eu-central-1"), "eu-central-1"),
        (signed("eu-west-1"), "eu-west-1"),
        (signed("us-east-1", "iam"), "eu-west-1"),
        ((), "eu-west-1"),
    ],
)
def test_a_request_goes_to_the_region_that_it_is_signed_for(
    cloud: Cloud, headers: Headers, region: str
) -> None:
    assert cloud.ask(headers=headers)[0] == 200
    assert cloud.asked_regions() == [region]


def test_a_presigned_url_goes_to_its_region(cloud: Cloud) -> None:
    target = "/b/k?X-Amz-Credential=AK%2F20260701%2Feu-central-1%2Fs3%2Faws4_request&X-Amz-Signature=0"
    cloud.ask(target)
    assert [asked.target for asked in cloud.asked["eu-central-1"]] == [target]


def test_an_unknown_region_is_refused_by_its_name_in_the_callers_protocol(cloud: Cloud) -> None:
    status, text = cloud.ask(headers=signed("ap-south-1"))
    assert (status, "<Code>UnknownRegion</Code>" in text, "ap-south-1" in text) == (400, True, True)
    for service, operation in (("dynamodb", "list_tables"), ("cloudformation", "list_stacks")):
        client = boto3.session.Session("AK", "s", region_name="ap-south-1").client(  # type: ignore[call-overload]
            service, endpoint_url=cloud.url
        )
        with pytest.raises(ClientError, match="no Region ap-south-1 on this machine"):
            getattr(client, operation)()
        client.close()
    assert cloud.asked_regions() == []


def test_a_request_and_its_answer_are_passed_on_as_they_are(cloud: Cloud) -> None:
    cloud.answer = Answer(418, b"short and stout", [("ETag", '"1"'), ("X-Amz-Meta-A", "b")])
    target, body = "/bucket/a%2Fb%20c?x=%7E&list-type=2", os.urandom(3_000_000)
    headers = [
        *signed("eu-central-1"),
        ("Host", "bucket.example:1"),
        ("Content-MD5", "q"),
        ("TE", "trailers"),
    ]
    assert cloud.ask(target, method="PUT", headers=headers, body=body) == (418, "short and stout")
    (asked,) = cloud.asked["eu-central-1"]
    assert (asked.method, asked.target, asked.body) == ("PUT", target, body)
    assert asked.header("Host") == ["bucket.example:1"]
    assert asked.header("Content-MD5") == ["q"]
    assert asked.header("Content-Length") == ["3000000"]
    assert asked.header("TE") == asked.header("User-Agent") == asked.header("X-Forwarded-For") == []


def test_a_client_that_asks_first_is_told_to_send_its_body(cloud: Cloud) -> None:
    host, port = cloud.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(
            b"PUT /b/k HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
        )
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"body")
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
    assert [asked.body for asked in cloud.asked["eu-west-1"]] == [b"body"]


def test_a_head_request_keeps_the_length_of_what_it_asks_about(cloud: Cloud) -> None:
    cloud.answer = Answer(200, b"four", ())
    connection = http.client.HTTPConnection(cloud.url.removeprefix("http://"), timeout=20)
    connection.request("HEAD", "/b/k")
    assert connection.getresponse().headers["Content-Length"] == "4"
    connection.close()


def test_a_region_that_is_down_is_unavailable(cloud: Cloud) -> None:
    cloud.servers.pop().stop()
    status, text = cloud.ask(headers=signed("eu-central-1"))
    assert (status, "The secondary Region, eu-central-1, cannot be reached" in text) == (503, True)
    assert cloud.ask(headers=signed("eu-west-1"))[0] == 200


def test_credentials_are_lent_for_an_hour_as_a_container_lends_them(cloud: Cloud) -> None:
    status, text = cloud.ask("/_local/credentials")
    lent = json.loads(text)
    assert (status, lent["AccessKeyId"]) == (200, "000000000000")
    left = datetime.fromisoformat(lent["Expiration"]) - datetime.now(UTC)
    assert timedelta(minutes=59) < left <= timedelta(hours=1)


def test_a_build_acts_as_a_role_with_what_it_is_lent(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    role = "arn:aws:iam::000000000000:role/gate"
    config = tmp_path / "acting.cfg"
    config.write_text(f"[default]\nrole_arn = {role}\ncredential_source = EcsContainer\n")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{cloud.url}/_local/credentials")
    monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    client = boto3.session.Session().client("dynamodb", region_name="eu-central-1")
    assert client.list_tables()["TableNames"] == ["users"]
    client.close()
    assumed, listed = cloud.asked["eu-central-1"]
    assert assumed.header("X-Amz-Security-Token") == ["local"]
    assert "Credential=ASIAROLE/" in listed.header("Authorization")[0]
