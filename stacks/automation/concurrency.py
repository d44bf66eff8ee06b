"""Takes the functions of a stack out of service and puts them back: the script of an automation document.

Systems Manager runs it by itself, as one file, with boto3 and Python's standard library.
"""

from collections.abc import Mapping
from typing import Any

import boto3

# How a function stands that has no concurrency of its own; the others have a number.
SHARED = "shared"


def record(events: Mapping[str, str], _context: object) -> Mapping[str, str]:
    """Return how much each function may use, as `name=20 other=shared`, and change nothing.

    Raises RuntimeError where there is no function, or one is out of service: then a drill is under way, or
    one was never put right, and what is written down now would be put back for good.
    """
    functions = _functions(events["Stack"])
    former = {name: _reserved(name) for name in functions}
    if not former:
        raise RuntimeError(f"The stack {events['Stack']} has no functions.")
    stopped = [name for name, reserved in former.items() if reserved == "0"]
    if stopped:
        raise RuntimeError(f"Out of service already: {', '.join(stopped)}.")
    return {"Former": " ".join(f"{name}={reserved}" for name, reserved in former.items())}


def stop(events: Mapping[str, str], _context: object) -> Mapping[str, str]:
    """Let none of the recorded functions run: each call of one is refused."""
    former = _parsed(events["Former"])
    for name in former:
        boto3.client("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    return {"Stopped": " ".join(former)}


def restore(events: Mapping[str, str], _context: object) -> Mapping[str, str]:
    """Give each function what it had; raises RuntimeError, after all were tried, for those that resisted."""
    client = boto3.client("lambda")
    resisted = []
    for name, reserved in _parsed(events["Former"]).items():
        try:
            if reserved == SHARED:
                client.delete_function_concurrency(FunctionName=name)
            else:
                client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=int(reserved))
        except Exception as error:
            resisted.append(f"{name} ({error})")
    if resisted:
        raise RuntimeError(f"Not put back: {', '.join(resisted)}.")
    return {"Restored": events["Former"]}


def _functions(stack: str) -> list[str]:
    """Find the functions of a stack by the tag that CloudFormation puts on each."""
    pages = boto3.client("resourcegroupstaggingapi").get_paginator("get_resources")
    filters: list[Any] = [{"Key": "aws:cloudformation:stack-name", "Values": [stack]}]
    found = pages.paginate(TagFilters=filters, ResourceTypeFilters=["lambda:function"])
    arns = [each["ResourceARN"] for page in found for each in page["ResourceTagMappingList"]]
    return sorted(arn.split(":")[6] for arn in arns)


def _reserved(name: str) -> str:
    """Say how much a function may use."""
    found = boto3.client("lambda").get_function_concurrency(FunctionName=name)
    return str(found.get("ReservedConcurrentExecutions", SHARED))


def _parsed(former: str) -> Mapping[str, str]:
    """Read what `record` wrote."""
    return dict(each.split("=") for each in former.split())
