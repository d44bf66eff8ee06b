import io
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger

from lambdas.users.domain.repository import UserRepository
from lambdas.users.telemetry import Telemetry

Call = Callable[..., Any]

ADA = {
    "user_id": "ada-id",
    "name": "Ada Lovelace",
    "email": "ada@example.com",
    "phone": "+44 20 7946 0000",
    "address": "12 St James's Square",
}


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", None, ADA, 201),
        ("POST", None, "not json", 400),
        ("POST", None, {"name": "Ada Lovelace"}, 400),
        ("GET", "nobody", None, 404),
        ("PATCH", "ada-id", None, 405),
    ],
)
def test_each_request_writes_one_line(
    call: Call, log: io.StringIO, method: str, path: str | None, body: object, status: int
) -> None:
    resource = "/users" if path is None else "/users/{user_id}"
    call(method, resource, path=path, body=body)
    (line,) = lines(log)
    assert line.pop("duration_ms") >= 0
    kept = ("level", "request_id", "route", "method", "status", "region", "cold_start")
    assert {key: line[key] for key in kept} == {
        "level": "INFO",
        "request_id": "6f1c0f4e-8a5f-4a3e-9a44-0f6f3c9b7d10",
        "route": resource,
        "method": method,
        "status": status,
        "region": "eu-west-1",
        "cold_start": True,
    }


def test_only_the_first_request_of_a_process_is_cold(call: Call, log: io.StringIO) -> None:
    for _ in range(3):
        call("GET", "/health")
    assert [line["cold_start"] for line in lines(log)] == [True, False, False]


def test_the_log_knows_nobody(call: Call, log: io.StringIO) -> None:
    call("POST", "/users", body=ADA)
    call("POST", "/users", body=ADA)
    call("POST", "/users", body={**ADA, "age": "old"})
    call("GET", "/users/{user_id}", path="ada@example.com")
    call("GET", "/users/{user_id}", path="ada-id", headers={"Authorization": "Ada Lovelace"})
    assert [line["status"] for line in lines(log)] == [201, 409, 400, 404, 200]
    assert not [text for text in ADA.values() if text in log.getvalue()]


class TestAccident:
    @pytest.fixture
    def users(self, failing: Callable[[Exception], UserRepository]) -> UserRepository:
        accident = ValueError(f"cannot keep {ADA}")
        accident.__cause__ = KeyError(ADA["email"])
        return failing(accident)

    def test_an_accident_is_logged_by_its_types_and_frames_alone(self, call: Call, log: io.StringIO) -> None:
        assert call("POST", "/users", body=ADA).status == 500
        (line,) = lines(log)
        assert line["level"] == "ERROR"
        assert [error["type"] for error in line["failure"]] == ["ValueError", "KeyError"]
        assert any(
            frame.endswith(" create") and "crud.py:" in frame for frame in line["failure"][0]["frames"]
        )
        assert not [text for text in ADA.values() if text in log.getvalue()]


def test_the_line_is_on_standard_output_before_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry = Telemetry(Logger(service=f"users-{uuid4()}"), region="eu-west-1")
    telemetry.record(request_id="r", route="/health", method="GET", status=200, duration_ms=1, failure=None)
    printed = capsys.readouterr().out
    assert printed.endswith("\n")
    assert json.loads(printed)["request_id"] == "r"
