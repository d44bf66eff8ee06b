"""A platform that runs, whose pipeline is played, behind the runner's command line."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.local.layout import Layout
from pipeline.local.runner import carrying, cli
from pipeline.local.runner.approval import Approver, Nobody
from pipeline.local.runner.engine import Engine
from pipeline.local.runner.record import Record
from pipeline.local.runner.repository import Repository
from pipeline.local.service import Service
from tests.pipeline.local.runner.pushable import pushable
from tests.pipeline.local.runner.staged import Played, action, pipeline, stage

DEFINITION = pipeline(
    stage("Local", action("Deploy", category="Deploy")),
    stage("LocalprodApproval", action("Approve", category="Approval")),
    stage("Localprod", action("DeployProd", category="Deploy")),
)


async def interrupted() -> None:
    """Interrupt this process as Ctrl-C does, and wait for it to be heard."""
    os.kill(os.getpid(), signal.SIGINT)
    await asyncio.Event().wait()


def line(commit: str, ref: str = "refs/heads/main") -> str:
    return f"{'0' * 40} {commit} {ref}\n"


def says(result: Result) -> tuple[int, str, str]:
    return result.exit_code, result.stdout, result.stderr


class PlayedPlatform:
    """A platform that runs, whose pipeline is played."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.layout, self.commit = pushable(folder)
        self.down: list[str] = []
        self.settled: list[Layout] = []
        self.interrupts = False
        self.played = Played(self.layout.state / "pipeline", DEFINITION)
        self.played.layout = self.layout
        self.played.settle = self._settle  # type: ignore[method-assign]
        for name in [name for name in os.environ if name.startswith("GIT_PUSH_OPTION_")]:
            monkeypatch.delenv(name)
        monkeypatch.delenv("PORT", raising=False)
        monkeypatch.setattr(
            Service, "process", property(lambda service: None if service.name in self.down else self)
        )
        monkeypatch.setattr(carrying, "engine", self._engine)
        monkeypatch.setattr(carrying, "somebody", self._somebody)

    @asynccontextmanager
    async def _engine(
        self, layout: Layout, approver: Approver, tell: Callable[[str], None]
    ) -> AsyncIterator[Engine]:
        assert layout == self.layout
        self.played.approver, self.played.tell = approver, tell
        yield self.played.engine()

    async def _settle(self) -> None:
        if self.interrupts:
            await interrupted()
        self.settled.append(self.layout)

    @contextmanager
    def _somebody(self) -> Iterator[Approver]:
        yield Nobody()

    def run(self, *arguments: str, pushed: str = "", options: str = "") -> Result:
        """Run the command line; what git tells of the push comes by standard input."""
        given = {"GIT_PUSH_OPTION_COUNT": "1", "GIT_PUSH_OPTION_0": options} if options else {}
        where = ["--port", str(self.layout.port), "--state", str(self.layout.state)]
        return CliRunner().invoke(cli.app, [*arguments, *where], input=pushed, env=given)

    def push(self, *, options: str = "") -> Result:
        """Run what is run after a push."""
        return self.run("receive", pushed=line(self.commit), options=options)

    def head_is_there(self) -> None:
        """Have the branch of the bare repository lead to the commit, as after a push."""
        heads = Repository.of(self.layout).folder / "refs" / "heads"
        heads.mkdir(parents=True, exist_ok=True)
        (heads / "main").write_text(f"{self.commit}\n")

    @property
    def records(self) -> list[Record]:
        return list(carrying.history(self.layout).records())
