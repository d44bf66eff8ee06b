import io
import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics

from lambdas.users.adapters.memory import MemoryUsers
from lambdas.users.adapters.meter import metered
from lambdas.users.domain.repository import UserRepository
from lambdas.users.domain.user import User
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
        "cold_start": "true",
    }


def test_only_the_first_request_of_a_process_is_cold(call: Call, log: io.StringIO) -> None:
    for _ in range(3):
        call("GET", "/health")
    assert [line["cold_start"] for line in lines(log)] == ["true", "false", "false"]


def test_the_line_is_a_set_of_metrics_as_well(call: Call, log: io.StringIO) -> None:
    call("GET", "/health")
    (line,) = lines(log)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "Users"
    (dimensions,) = directive["Dimensions"]
    assert sorted(dimensions) == ["cold_start", "route", "service"]
    assert {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]} == {
        "Requests": "Count",
        "Errors": "Count",
        "Duration": "Milliseconds",
        "ConsumedCapacity": "Count",
    }
    assert all(isinstance(line[dimension], str) for dimension in dimensions)
    assert (line["Requests"], line["Errors"], line["ConsumedCapacity"]) == ([1.0], [0.0], [0.0])
    assert line["Duration"] == [line["duration_ms"]]


def test_each_line_has_the_metrics_of_its_own_request(call: Call, log: io.StringIO) -> None:
    call("GET", "/health")
    call("GET", "/users/{user_id}", path="nobody")
    assert [line["Requests"] for line in lines(log)] == [[1.0], [1.0]]
    assert [line["route"] for line in lines(log)] == ["/health", "/users/{user_id}"]


def test_a_path_that_nobody_serves_makes_no_dimension_of_its_own(call: Call, log: io.StringIO) -> None:
    call("GET", "/ada@example.com")
    (line,) = lines(log)
    assert (line["route"], line["status"]) == ("unknown", 404)


class TestCost:
    @pytest.fixture
    def users(self) -> UserRepository:
        class Dear(MemoryUsers):
            def get(self, user_id: str) -> User:
                self.ask("GetItem", {})
                return super().get(user_id)

            @staticmethod
            @metered
            def ask(operation: str, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG004  # as DynamoCall
                return {"ConsumedCapacity": {"TableName": "users", "CapacityUnits": 1.5}}

        return Dear()

    def test_a_line_says_what_its_request_cost(self, call: Call, log: io.StringIO) -> None:
        call("GET", "/users/{user_id}", path="nobody")
        call("GET", "/users")
        first, second = lines(log)
        assert (first["consumed_capacity"], first["dynamodb_requests"]) == (1.5, 1)
        assert (second["consumed_capacity"], second["dynamodb_requests"]) == (0.0, 0)
        assert first["ConsumedCapacity"] == [1.5]

    def test_a_query_says_what_it_cost(self, call: Call) -> None:
        call("POST", "/users", body=ADA)
        found = call("GET", "/query", query={"operation": "query_by_user", "user_id": "ada-id"})
        assert (found.json["consumed_capacity"], found.json["scanned_count"]) == (1.5, 1)


def test_the_log_knows_nobody(call: Call, log: io.StringIO) -> None:
    call("POST", "/users", body=ADA, headers={"Idempotency-Key": "Ada Lovelace"})
    call("POST", "/users", body=ADA)
    call("POST", "/users", body={**ADA, "age": "old"})
    call("GET", "/users/{user_id}", path="ada@example.com")
    call("GET", "/users/{user_id}", path="ada-id", headers={"Authorization": "Ada Lovelace"})
    call("PUT", "/users/{user_id}", path="ada-id", body=ADA)
    call("POST", "/batch", body={"operation": "batch_write", "users": [ADA]})
    call("GET", "/query", query={"operation": "query_by_email", "email": "ada@example.com"})
    call("GET", "/query", query={"operation": "search", "q": "Ada Lovelace"})
    call("DELETE", "/users/{user_id}", path="ada-id")
    statuses = [201, 409, 400, 404, 200, 200, 207, 200, 200, 200]
    assert [line["status"] for line in lines(log)] == statuses
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
            frame.endswith(" create") and "collection.py:" in frame for frame in line["failure"][0]["frames"]
        )
        assert not [text for text in ADA.values() if text in log.getvalue()]


def test_the_line_is_on_standard_output_before_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    logger = Logger(service=f"users-{uuid4()}")
    telemetry = Telemetry(logger, EphemeralMetrics(namespace="Users"), region="eu-west-1")
    telemetry.record(
        request_id="r",
        route="/health",
        method="GET",
        status=200,
        duration_ms=1,
        capacity=0.5,
        requests=1,
        failure=None,
    )
    printed = capsys.readouterr().out
    assert printed.endswith("\n")
    assert json.loads(printed)["request_id"] == "r"
