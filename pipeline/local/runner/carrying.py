"""Puts the runner together for a platform, and has it end well when it is told to end."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from pipeline.delivery import LOCAL_PIPELINE
from pipeline.local import platform
from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout
from pipeline.local.runner import interruption, standing
from pipeline.local.runner.actions import performing, save
from pipeline.local.runner.approval import Approver, AtTerminal, Nobody
from pipeline.local.runner.declared import read
from pipeline.local.runner.definition import Definition
from pipeline.local.runner.engine import Engine
from pipeline.local.runner.history import History
from pipeline.local.runner.record import Record
from pipeline.local.runner.repository import Repository
from pipeline.local.runner.turn import Queue

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def history(layout: Layout, tell: Callable[[str], None] = lambda _: None) -> History:
    """The executions of a platform."""
    return History(layout.state / "pipeline" / "executions", tell=tell)


def queued(layout: Layout, commit: str) -> Record:
    """The record of a commit that is to be carried; raises LocalError for an unknown one."""
    subject, committed_at = Repository.of(layout).described(commit)
    return Record.queued(commit=commit, subject=subject, committed_at=committed_at, pushed_at=time.time())


def require_running(layout: Layout) -> None:
    """Raise LocalError unless every process of the platform runs."""
    if down := [service.name for service in platform.services(layout) if service.process is None]:
        raise LocalError(f"The platform lacks {', '.join(down)}: start it with `make up`, then push again.")


def deployed(layout: Layout) -> Definition:
    """The pipeline as CloudFormation has it.

    Raises:
        LocalError: there is none, the Region does not answer, or it cannot be performed here.
    """
    session = boto3.Session("000000000000", "local", region_name=layout.primary.name)
    config = Config(connect_timeout=2, read_timeout=60, retries={"total_max_attempts": 2}, proxies={})
    client = session.client("cloudformation", endpoint_url=layout.primary.aws_url, config=config)
    try:
        template = client.get_template(StackName=LOCAL_PIPELINE.id)["TemplateBody"]
    except (ClientError, BotoCoreError) as error:
        raise LocalError(f"No pipeline is deployed: make up ({error})") from error
    finally:
        client.close()
    return read(template, account=LOCAL_PIPELINE.account, region=LOCAL_PIPELINE.region)


def adopt(layout: Layout, *, anew: bool) -> str | None:
    """Have the bare repository ready, and the pipeline know what was deployed by hand, if that is `anew`.

    What an earlier call was cut off from telling it is made up for.

    Returns what to push to, None where this is no clone of a repository. Raises LocalError and OSError.
    """
    repository, found = Repository.of(layout), history(layout)
    commit = repository.prepare(layout)
    if commit is None:
        return None
    definition = deployed(layout)
    if anew or not standing.is_adopted(layout, found, definition):
        standing.adopt(layout, found, definition, commit)
        found.keep()
    return repository.address


@asynccontextmanager
async def engine(layout: Layout, approver: Approver, tell: Callable[[str], None]) -> AsyncIterator[Engine]:
    """Yield the runner of a platform."""
    repository = Repository.of(layout)
    async with performing(layout) as perform:
        yield Engine(
            history=history(layout, tell),
            queue=Queue(folder=layout.state / "pipeline"),
            layout=layout,
            perform=perform,
            approver=approver,
            current=lambda: deployed(layout),
            is_ancestor=repository.is_ancestor,
            tell=tell,
            settle=lambda: settle(layout),
        )


async def settle(layout: Layout) -> None:
    """Save what stands now, so that neither a kill nor `make up` loses it; raises LocalError and OSError."""
    await save(layout)
    standing.settle(layout, history(layout), deployed(layout))


def interruptible(work: Callable[[], Awaitable[Record]]) -> Record:
    """Run work to its end; a signal interrupts it, as often as one comes, and it clears up by itself.

    Raises:
        LocalError: it was interrupted where it does not clear up, before it began or after it ended.
    """

    async def watched() -> Record:
        task = asyncio.current_task()
        loop = asyncio.get_running_loop()
        assert task is not None  # noqa: S101 - asyncio.run made it
        for number in SIGNALS:
            loop.add_signal_handler(number, task.cancel, signal.strsignal(number))
        return await work()

    try:
        return asyncio.run(watched())
    except asyncio.CancelledError as error:
        raise LocalError(f"Not finished: {interruption.cause(error)}") from error


@contextmanager
def somebody() -> Iterator[Approver]:
    """Yield who is asked for approvals: whoever sits at the terminal of this process, if there is one."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
    except OSError:
        yield Nobody()
        return
    try:
        yield AtTerminal(terminal=terminal)
    finally:
        os.close(terminal)
