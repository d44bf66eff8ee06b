"""Which table the functions of a deployment use, as the Regions have them rather than as it is recorded."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout, RegionPlace
from pipeline.replicas import unready

REST_S = 60.0
LOOK_S = 0.2


def tables_in_use(layout: Layout, *, at_most_s: float = REST_S) -> frozenset[str]:
    """Return the tables that functions of the layout's deployment use, once both Regions are at rest.

    It is one, unless a change of it was cut off; none before the first deployment.

    Raises:
        LocalError: a Region does not answer, or still changes a stack after so many seconds.
    """
    return frozenset(table for region in layout.regions for table in _in_use(layout, region, at_most_s))


def require_whole(layout: Layout, table: str) -> None:
    """Make sure that a table is there, with its replica and its indexes, before anything is served from it.

    Raises:
        LocalError: it is not, or a Region does not answer.
    """
    for region in layout.regions:
        try:
            missing = unready(_client("dynamodb", region), table)
        except ClientError as error:
            raise LocalError(f"In {region.name} {table} cannot be served from: {error}") from error
        except BotoCoreError as error:
            raise _silent(region, error) from error
        if missing:
            raise LocalError(f"In {region.name} {table} is not whole: {', '.join(missing)}.")


def _in_use(layout: Layout, region: RegionPlace, at_most_s: float) -> Iterator[str]:
    prefix = f"{layout.deployment.name.title()}{region.role.title()}-"
    try:
        _await_rest(region, prefix, at_most_s)
        for page in _client("lambda", region).get_paginator("list_functions").paginate():
            for function in page["Functions"]:
                variables: Mapping[str, str] = function.get("Environment", {}).get("Variables", {})
                if function["FunctionName"].startswith(prefix) and "TABLE_NAME" in variables:
                    yield variables["TABLE_NAME"]
    except (BotoCoreError, ClientError) as error:
        raise _silent(region, error) from error


def _await_rest(region: RegionPlace, prefix: str, at_most_s: float) -> None:
    """Wait until CloudFormation changes no stack of a name that begins so; what it began it also ends."""
    pages = _client("cloudformation", region).get_paginator("describe_stacks")
    deadline = time.monotonic() + at_most_s
    while changing := [
        stack["StackName"]
        for page in pages.paginate()
        for stack in page["Stacks"]
        if stack["StackName"].startswith(prefix) and stack["StackStatus"].endswith("_IN_PROGRESS")
    ]:
        if time.monotonic() > deadline:
            raise LocalError(f"In {region.name} {', '.join(changing)} still changes after {at_most_s:.0f} s.")
        time.sleep(LOOK_S)


def _silent(region: RegionPlace, error: Exception) -> LocalError:
    return LocalError(f"The {region.role} Region does not answer: {error}")


def _client(service: str, region: RegionPlace) -> Any:  # noqa: ANN401 - boto3 makes the classes at run time
    session: Any = boto3.session.Session("000000000000", "local", region_name=region.name)
    config = Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 2}, proxies={})
    return session.client(service, endpoint_url=region.aws_url, config=config)
