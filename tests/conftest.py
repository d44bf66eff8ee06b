"""What is made once for all tests: the synthesized app, and one emulated Region without a peer."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.local.layout import ROOT, Layout, RegionPlace
from pipeline.local.platform import environment, region_service
from pipeline.local.service import Service
from tests.ports import free_ports
from tests.stacks import assembly as assemblies
from tests.stacks.assembly import Assembly

os.environ.setdefault("JSII_NODE", str(ROOT / ".venv/bin/node"))
# Where tests are an action of the pipeline on this machine, that one's platform is not theirs.
for platform_word in (
    "AWS_ENDPOINT_URL",
    "CODEBUILD_BUILD_ID",
    "PLATFORM_STATE",
    "PORT",
    "USERS_ADDRESSES",
    "USERS_TABLES",
):
    os.environ.pop(platform_word, None)


class LoneRegion:
    """A Region's process that a test may kill, and that comes back from its disk."""

    def __init__(self, state: Path) -> None:
        self.layout = Layout(port=free_ports(6), state=state)
        self.place: RegionPlace = self.layout.primary
        self.service: Service = region_service(self.layout, self.place)
        self.journal = state / self.place.role / "journal.jsonl"

    def start(self) -> None:
        self.service.start(environment())
        self.service.await_ready()

    def kill(self) -> None:
        process = self.service.process
        assert process is not None
        process.kill()
        process.wait()

    def stop(self) -> None:
        self.service.await_stopped(self.service.ask_to_stop())


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    outdir = tmp_path_factory.mktemp("assembly")
    subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, env=os.environ | {"CDK_OUTDIR": str(outdir)}, check=True
    )
    return assemblies.read(outdir)


@pytest.fixture(scope="session")
def lone_region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoneRegion]:
    region = LoneRegion(tmp_path_factory.mktemp("lone-region"))
    region.start()
    yield region
    region.stop()
