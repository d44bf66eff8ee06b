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

    def make(self, target: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(target, *arguments), **self.options(), check=False)  # noqa: S603

    def command(self, target: str, *arguments: str) -> list[str]:
        state = f"ARGS=--state {self.layout.state} {' '.join(arguments)}"
        return ["make", "--no-print-directory", target, f"PORT={self.layout.port}", state]

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
        pages = dynamo.get_paginator("scan").paginate(TableName=self.layout.deployment.table_name)
        items = [item for page in pages for item in page["Items"]]
        return {(item["user_id"]["S"], item["timestamp"]["S"]): item for item in items}
