"""Tells how a stack is once its operation ends, if that is soon: the CDK CLI looks again only after 5 s."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs

from ministack.services import cloudformation

Answer = tuple[int, dict[str, str], bytes]

PATIENCE_S = 4.0
LOOK_S = 0.02

_serve = cloudformation.handle_request


def attach() -> None:
    """From now on, hold an answer about one stack while it is being changed, for 4 s at most."""
    cloudformation.handle_request = _handle_request


async def _handle_request(
    method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
) -> Answer:
    asked = parse_qs(body.decode(errors="replace")) if body.startswith(b"Action=DescribeStacks&") else {}
    name = (asked.get("StackName") or [""])[0]
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while name and _in_progress(name) and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(LOOK_S)
    answer: Answer = await _serve(method, path, headers, body, query)
    return answer


def _in_progress(name: str) -> bool:
    """Tell whether the stack of this name or id is being changed; one under review is not."""
    found = (
        stack for stack in cloudformation._stacks.values() if name in {stack["StackName"], stack["StackId"]}
    )
    statuses = {stack["StackStatus"] for stack in found} - {"REVIEW_IN_PROGRESS"}
    return any(status.endswith("_IN_PROGRESS") for status in statuses)
