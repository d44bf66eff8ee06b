"""The stacks of one emulated Region, as CloudFormation's API tells of them and changes them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from pipeline.local.layout import RegionPlace
from pipeline.local.runner.action import ActionFailed

POLL_S = 0.1
# The Region answers a question about a stack that changes only after a while, and stages change many at once.
THREADS = 24


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A stack as it is now; one that was never created has only been reviewed, and is not yet `there`."""

    id: str
    status: str
    outputs: Mapping[str, str]

    @property
    def there(self) -> bool:
        """Whether it can be updated instead of created."""
        return self.status != "REVIEW_IN_PROGRESS"


class Stacks:
    """Stacks of a Region; each call raises ActionFailed for what CloudFormation refuses, in its words."""

    def __init__(self, region: RegionPlace) -> None:
        self.region = region
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix=region.name)
        self._session = boto3.session.Session("000000000000", "local", region_name=region.name)
        config = Config(
            connect_timeout=2,
            read_timeout=60,
            retries={"total_max_attempts": 2},
            proxies={},
            max_pool_connections=THREADS,
            s3={"addressing_style": "path"},
        )
        self.cloudformation = self._client("cloudformation", config)
        self.s3 = self._client("s3", config)

    async def call(self, operation: Callable[..., Any], **parameters: Any) -> Any:  # noqa: ANN401 - boto3
        """Call an operation of a client on a thread, and return its answer."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, partial(operation, **parameters))
        except ClientError as error:
            raise ActionFailed(str(error.response["Error"].get("Message") or error)) from error
        except BotoCoreError as error:
            raise ActionFailed(f"The {self.region.role} Region does not answer: {error}") from error

    async def stack(self, name: str) -> Stack | None:
        """Return a stack by its name or id, None where there is none of that name."""
        try:
            found = await self.call(self.cloudformation.describe_stacks, StackName=name)
        except ActionFailed as error:
            if _code(error) == "ValidationError":  # CloudFormation's word for "does not exist"
                return None
            raise
        (described,) = found["Stacks"]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", ())}
        return Stack(id=described["StackId"], status=described["StackStatus"], outputs=outputs)

    async def at_rest(self, name: str) -> Stack | None:
        """Return a stack once nothing changes it; one that is under review is not being changed."""
        while (found := await self.stack(name)) and found.there and found.status.endswith("_IN_PROGRESS"):
            await asyncio.sleep(POLL_S)
        return found

    async def statuses(self) -> Mapping[str, str]:
        """Return the status of every stack by its name."""
        summaries = await self.call(
            lambda: [
                each
                for page in self.cloudformation.get_paginator("list_stacks").paginate()
                for each in page["StackSummaries"]
            ]
        )
        return {each["StackName"]: each["StackStatus"] for each in reversed(summaries)}

    async def first_failure(self, stack: Stack) -> str:
        """Return which resource failed first in a stack's last operation, and why."""
        events = (await self.call(self.cloudformation.describe_stack_events, StackName=stack.id))[
            "StackEvents"
        ]
        reason = "CloudFormation gives no reason"
        for event in events:
            if event["ResourceStatus"].endswith("_FAILED"):
                why = event.get("ResourceStatusReason", reason)
                reason = f"{event['LogicalResourceId']} ({event['ResourceType']}): {why}"
            begun = event["ResourceStatus"] in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")
            if begun and event.get("PhysicalResourceId") == stack.id:
                break
        return reason

    @asynccontextmanager
    async def stored(self, name: str, content: bytes) -> AsyncIterator[str]:
        """Keep a file in a bucket for the length of the block, which gets its URL."""
        bucket = f"codepipeline-{self.region.name}"
        try:
            await self.call(
                self.s3.create_bucket,
                Bucket=bucket,
                CreateBucketConfiguration={"LocationConstraint": self.region.name},
            )
        except ActionFailed as error:
            if _code(error) != "BucketAlreadyOwnedByYou":
                raise
        key = f"{uuid4()}/{name}"
        await self.call(self.s3.put_object, Bucket=bucket, Key=key, Body=content)
        try:
            yield f"{self.region.aws_url}/{bucket}/{key}"
        finally:
            await self.call(self.s3.delete_object, Bucket=bucket, Key=key)

    def close(self) -> None:
        """Give the threads back; a call that is under way is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for client in (self.cloudformation, self.s3):
            client.close()

    def _client(self, service: str, config: Config) -> Any:  # noqa: ANN401 - boto3 makes the classes at run time
        session: Any = self._session
        return session.client(service, endpoint_url=self.region.aws_url, config=config)


def _code(error: ActionFailed) -> str:
    """The code of the error of AWS that an action failed for."""
    cause = error.__cause__
    return str(cause.response["Error"]["Code"]) if isinstance(cause, ClientError) else ""
