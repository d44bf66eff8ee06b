"""The functions of an API are all stopped, and each gets back what it had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from pipeline.drill.faults import FaultError
from pipeline.drill.local.functions import Functions

BEFORE: Mapping[str, int | None] = {"Crud": None, "Batch": 20, "Query": None}


class Cloud:
    """CloudFormation with one stack, and Lambda with its functions; `resists` are those that stay."""

    def __init__(self, reserved: Mapping[str, int | None]) -> None:
        self.reserved = dict(reserved)
        self.resists: set[str] = set()
        self.meta = SimpleNamespace(region_name="eu-west-1", endpoint_url="http://127.0.0.1:8083")

    def client(self, _service: str) -> Any:  # noqa: ANN401 - as boto3 has it
        return self

    def get_paginator(self, _operation: str) -> Cloud:
        return self

    def paginate(self, **asked: str) -> Iterator[Mapping[str, Any]]:
        if asked != {"StackName": "LocalPrimary-Api"}:
            raise error("ValidationError")
        yield {"StackResourceSummaries": [resource("Api", "AWS::ApiGateway::RestApi")]}
        yield {"StackResourceSummaries": [resource(name, "AWS::Lambda::Function") for name in self.reserved]}

    def get_function_concurrency(self, *, FunctionName: str) -> Mapping[str, int]:  # noqa: N803
        found = self.reserved[FunctionName]
        return {} if found is None else {"ReservedConcurrentExecutions": found}

    def put_function_concurrency(self, *, FunctionName: str, ReservedConcurrentExecutions: int) -> None:  # noqa: N803
        self._change(FunctionName, ReservedConcurrentExecutions)

    def delete_function_concurrency(self, *, FunctionName: str) -> None:  # noqa: N803
        self._change(FunctionName, None)

    def _change(self, name: str, reserved: int | None) -> None:
        if name in self.resists:
            raise error("ServiceException")
        self.reserved[name] = reserved


def error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "Operation")


def resource(name: str, type: str) -> Mapping[str, str]:
    return {"PhysicalResourceId": name, "ResourceType": type}


@pytest.fixture
def cloud() -> Cloud:
    return Cloud(BEFORE)


@pytest.fixture
def functions(cloud: Cloud) -> Functions:
    return Functions(cloud.client, "LocalPrimary-Api")


def test_what_is_reserved_for_every_function_is_learnt(functions: Functions) -> None:
    assert functions.learn() == BEFORE


def test_no_function_may_run_then_and_each_gets_back_what_it_had(functions: Functions, cloud: Cloud) -> None:
    before = functions.learn()
    functions.stop(before)
    assert cloud.reserved == {"Crud": 0, "Batch": 0, "Query": 0}
    functions.restore(before)
    assert cloud.reserved == BEFORE
    functions.restore(before)
    assert cloud.reserved == BEFORE


def test_one_that_resists_keeps_no_other_from_being_restored(functions: Functions, cloud: Cloud) -> None:
    functions.stop(BEFORE)
    cloud.resists = {"Batch"}
    with pytest.raises(FaultError, match="Batch") as failed:
        functions.restore(BEFORE)
    assert cloud.reserved == {"Crud": None, "Batch": 0, "Query": None}
    command = (
        "aws lambda put-function-concurrency --function-name Batch --reserved-concurrent-executions 20 "
        "--region eu-west-1 --endpoint-url http://127.0.0.1:8083"
    )
    assert str(failed.value).endswith(f"By hand: {command}")


def test_one_that_had_nothing_reserved_is_given_nothing_by_hand_too(
    functions: Functions, cloud: Cloud
) -> None:
    cloud.resists = {"Crud"}
    with pytest.raises(FaultError, match="aws lambda delete-function-concurrency --function-name Crud"):
        functions.restore(BEFORE)


def test_functions_that_are_stopped_already_are_not_taken_for_whole(
    functions: Functions, cloud: Cloud
) -> None:
    cloud.reserved["Query"] = 0
    with pytest.raises(FaultError, match="Query may not run as it is"):
        functions.learn()


def test_a_stack_without_functions_or_none_at_all_is_said(cloud: Cloud) -> None:
    with pytest.raises(FaultError, match="The functions of Nothing cannot be found"):
        Functions(cloud.client, "Nothing").learn()
    cloud.reserved = {}
    with pytest.raises(FaultError, match="has no functions"):
        Functions(cloud.client, "LocalPrimary-Api").learn()
