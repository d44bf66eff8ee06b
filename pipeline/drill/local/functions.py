"""The functions of one Region's API: they stop when no execution at all is reserved for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from pipeline.drill.faults import FaultError
from pipeline.drill.local.learnt import Concurrency

FUNCTION = "AWS::Lambda::Function"


class Functions:
    """Learns, stops and restores; `clients` are boto3's of CloudFormation and Lambda, `stack` is the API's.

    Methods raise FaultError.
    """

    def __init__(self, clients: Callable[[str], Any], stack: str) -> None:
        self._clients = clients
        self._stack = stack

    def learn(self) -> Concurrency:
        """Return what is reserved for each function, None where nothing is."""
        try:
            names = self._names()
            found = {name: self._reserved(name) for name in names}
        except (BotoCoreError, ClientError) as error:
            raise FaultError(f"The functions of {self._stack} cannot be found: {error}") from error
        if not found:
            raise FaultError(f"{self._stack} has no functions: deploy it, with `make up`.")
        if stopped := [name for name, reserved in found.items() if reserved == 0]:
            raise FaultError(
                f"{', '.join(stopped)} may not run as it is: put back what is reserved for it, "
                "with `aws lambda delete-function-concurrency`."
            )
        return found

    def stop(self, concurrency: Concurrency) -> None:
        """Let none of them run."""
        for name in concurrency:
            self._reserve(name, 0)

    def restore(self, concurrency: Concurrency) -> None:
        """Give each what it had; all are tried, and the first that resisted is told of."""
        resisted = []
        for name, reserved in concurrency.items():
            try:
                self._reserve(name, reserved)
            except FaultError as error:
                resisted.append(error)
        if resisted:
            raise resisted[0]

    def _names(self) -> list[str]:
        paginator = self._clients("cloudformation").get_paginator("list_stack_resources")
        pages = paginator.paginate(StackName=self._stack)
        resources = (each for page in pages for each in page["StackResourceSummaries"])
        return [each["PhysicalResourceId"] for each in resources if each["ResourceType"] == FUNCTION]

    def _reserved(self, name: str) -> int | None:
        answer = self._clients("lambda").get_function_concurrency(FunctionName=name)
        found: int | None = answer.get("ReservedConcurrentExecutions")
        return found

    def _reserve(self, name: str, reserved: int | None) -> None:
        client = self._clients("lambda")
        try:
            if reserved is None:
                client.delete_function_concurrency(FunctionName=name)
            else:
                client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=reserved)
        except (BotoCoreError, ClientError) as error:
            verb = "delete" if reserved is None else "put"
            value = "" if reserved is None else f" --reserved-concurrent-executions {reserved}"
            raise FaultError(
                f"What is reserved for {name} did not change ({error}). By hand: "
                f"aws lambda {verb}-function-concurrency --function-name {name}{value} "
                f"--region {client.meta.region_name} --endpoint-url {client.meta.endpoint_url}"
            ) from error
