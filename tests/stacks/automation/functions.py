"""Lambda functions with tags, as two services tell of them; each call is held to botocore's own model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import botocore.session
from botocore.exceptions import ClientError
from botocore.model import ServiceModel
from botocore.validate import validate_parameters

STACK = "aws:cloudformation:stack-name"
LAMBDA, TAGGING = "lambda", "resourcegroupstaggingapi"


class Functions:
    """Reserved concurrency of functions by name, None for none; `boto3.client` gives what a script asks.

    Functions in `broken` refuse to be changed.
    """

    def __init__(self, reserved: dict[str, int | None], *, stack: str) -> None:
        self.reserved = reserved
        self.stack = stack
        self.broken: set[str] = set()

    def client(self, service: str) -> Client:
        return Client(service, self.answer)

    def answer(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        if operation == "GetResources":
            (tag,) = asked["TagFilters"]
            assert (tag["Key"], asked["ResourceTypeFilters"]) == (STACK, ["lambda:function"])
            arns = [f"arn:aws:lambda:eu-west-1:111111111111:function:{name}" for name in self.reserved]
            found = arns if tag["Values"] == [self.stack] else []
            return {"ResourceTagMappingList": [{"ResourceARN": arn} for arn in found]}
        name = asked["FunctionName"]
        if operation == "GetFunctionConcurrency":
            value = self.reserved[name]
            return {} if value is None else {"ReservedConcurrentExecutions": value}
        if name in self.broken:
            raise ClientError({"Error": {"Code": "TooManyRequestsException", "Message": "no"}}, operation)
        self.reserved[name] = asked.get("ReservedConcurrentExecutions")
        return {}


class Client:
    """A client whose calls are answered by a function, after botocore found nothing wrong with them."""

    def __init__(self, service: str, answer: Callable[[str, dict[str, Any]], dict[str, Any]]) -> None:
        self._model = model(service)
        self._answer = answer

    def __getattr__(self, method: str) -> Callable[..., dict[str, Any]]:
        names = {xform(name): name for name in self._model.operation_names}
        return lambda **asked: self._call(names[method], asked)

    def get_paginator(self, method: str) -> Pages:
        return Pages(getattr(self, method))

    def _call(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        shape = self._model.operation_model(operation).input_shape
        given = {"clientToken": "filled in by botocore"} if operation == "StartExperiment" else {}
        if shape is not None:
            validate_parameters({**given, **asked}, shape)
        return self._answer(operation, asked)


class Pages:
    """All answers in one page."""

    def __init__(self, method: Callable[..., dict[str, Any]]) -> None:
        self._method = method

    def paginate(self, **asked: object) -> Iterator[dict[str, Any]]:
        yield self._method(**asked)


@cache
def model(service: str) -> ServiceModel:
    """What botocore knows of a service, read once."""
    return botocore.session.get_session().get_service_model(service)


@cache
def xform(name: str) -> str:
    """The method of a client for an operation, as botocore names it."""
    found = botocore.xform_name(name)
    assert isinstance(found, str)
    return found
