"""The platform as a person at a terminal and a REST client have it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3

from pipeline.local.layout import ROOT, Layout, RegionPlace
from pipeline.local.platform import region_service
from pipeline.local.service import Service
from tests.ports import free_ports


class Platform:
    """A platform on ports and with a state of its own, driven through the Makefile."""

    def __init__(self, state: Path) -> None:
        self.layout = Layout(port=free_ports(6), state=state)

    def make(self, target: str, *arguments: str, **variables: object) -> subprocess.CompletedProcess[str]:
        command = self.command(target, *arguments, **variables)
        return subprocess.run(command, **self.options(), check=False)  # noqa: S603 - the line above

    def command(self, target: str, *arguments: str, **variables: object) -> list[str]:
        """Return the words that make a target, with arguments in ARGS and with variables of their own."""
        given = {
            "PORT": self.layout.port,
            "ARGS": " ".join(("--state", str(self.layout.state), *arguments)),
            **variables,
        }
        return ["make", "--no-print-directory", target, *(f"{name}={value}" for name, value in given.items())]

    def options(self) -> Mapping[str, Any]:
        variables = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
        return {
            "cwd": ROOT,
            "env": variables,
            "text": True,
            "capture_output": True,
            "stdin": subprocess.DEVNULL,
        }

    def up(self) -> str:
        result = self.make("up")
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def service(self, region: RegionPlace) -> Service:
        return region_service(self.layout, region)

    def rows(self, region: RegionPlace) -> Mapping[tuple[str, str], Mapping[str, Any]]:
        """Every row of the users table in one Region, by key."""
        session = boto3.Session("000000000000", "local", region_name=region.name)
        dynamo = session.client("dynamodb", endpoint_url=region.aws_url)
        pages = dynamo.get_paginator("scan").paginate(TableName=self.layout.served.table_name)
        items = [item for page in pages for item in page["Items"]]
        return {(item["user_id"]["S"], item["timestamp"]["S"]): item for item in items}
