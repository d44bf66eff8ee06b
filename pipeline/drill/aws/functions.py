"""The functions of the API in one Region, and whether they may run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.config import Deployment
from pipeline.drill.faults import FaultError
from pipeline.drill.region import Region


class Functions:
    """Finds the functions of the API stack of a Region; methods raise botocore's errors and FaultError."""

    def __init__(self, deployment: Deployment, region: Region) -> None:
        self.stack = api_stack(deployment, region)
        self._region = region

    def names(self) -> Sequence[str]:
        """Return the names that CloudFormation gave them, found by the tag that it put on each."""
        pages = self._region.clients["resourcegroupstaggingapi"].get_paginator("get_resources")
        found = pages.paginate(
            TagFilters=[{"Key": "aws:cloudformation:stack-name", "Values": [self.stack]}],
            ResourceTypeFilters=["lambda:function"],
        )
        arns = [str(each["ResourceARN"]) for page in found for each in page["ResourceTagMappingList"]]
        if not arns:
            raise FaultError(f"{self._region.name} has no functions of the stack {self.stack}.")
        return sorted(arn.split(":")[6] for arn in arns)

    def reserved(self) -> Mapping[str, int | None]:
        """Return the concurrency of each by its name, None where it takes what the account has."""
        client = self._region.clients["lambda"]
        return {
            name: client.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions")
            for name in self.names()
        }

    def stopped(self) -> Sequence[str]:
        """Return the names of those that may not run."""
        return [name for name, reserved in self.reserved().items() if reserved == 0]

    def share_stopped(self) -> float:
        """Return which part of them may not run, from 0 to 1."""
        reserved = self.reserved().values()
        return sum(each == 0 for each in reserved) / len(reserved)


def api_stack(deployment: Deployment, region: Region) -> str:
    """Return the name of the stack that has the functions of the API in a Region."""
    return f"{deployment.name.title()}{region.role.value.title()}-Api"
