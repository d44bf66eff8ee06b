"""This machine, for a drill."""

from __future__ import annotations

import asyncio
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pipeline.drill import diary
from pipeline.drill.faults import FaultError
from pipeline.drill.local.guard import guard
from pipeline.drill.local.place import ALLOWANCE_S, local_place, open_place
from pipeline.drill.lock import drilling
from pipeline.drill.performance import Folder, Guard, Performance, Tell
from pipeline.drill.place import Place
from pipeline.drill.plan import local_plan
from pipeline.drill.probes import ProbeError
from pipeline.drill.scenario import Scenario
from pipeline.drill.scenarios import named
from pipeline.drill.step import Do
from pipeline.local import platform
from pipeline.local.errors import LocalError
from pipeline.local.layout import ROOT, Layout

LOOK_S = 0.2
RESTORED_S = 180.0


@dataclass(frozen=True, kw_only=True)
class LocalVenue:
    """The platform of a layout, where time runs so many times faster during a drill."""

    layout: Layout
    time_scale: float
    usual: ClassVar[str] = "region-outage"

    @property
    def command(self) -> str:
        """What comes before a scenario's name in the command that runs a drill here."""
        scale = f" TIME_SCALE={self.time_scale:g}" if self.time_scale != 1 else ""
        port = f" PORT={self.layout.port}" if self.layout.port != Layout().port else ""
        state = f"--state {shlex.quote(str(self.layout.state))}"
        arguments = f" ARGS={shlex.quote(state)}" if self.layout.state != Layout().state else ""
        return f"make drill{port}{scale}{arguments}"

    def scenario(self, name: str) -> Scenario:
        """Return a scenario, all of which are performed here; raises UnknownScenario."""
        return named(name)

    def plan(self, scenario: Scenario) -> Sequence[str]:
        """Return what a drill would do, as comments and commands for a shell."""
        endpoints = {region.name: region.aws_url for region in self.layout.regions}
        return local_plan(scenario, self.layout.served, endpoints=endpoints, time_scale=self.time_scale)

    def opened(self, folder: Folder) -> AbstractContextManager[Place]:
        """Give the place for one drill, with a DNS at its time scale.

        Raises FaultError where the platform does not run, or another command, drill or an execution of the
        pipeline that did not ask for this drill holds it.
        """

        @contextmanager
        def given() -> Iterator[Place]:
            with _apart(self.layout), drilling(self.layout.state / "drill.lock"):
                _require_running(self.layout)
                with open_place(self.layout, folder.path, self.time_scale) as place:
                    yield place

        return given()

    def guard(self, scenario: Scenario) -> Guard:
        """Return what has a process of its own end the drill when it is dead, or takes too long."""
        directions = [2 if step.do is Do.AWAIT_CONVERGED else 1 for step in scenario.steps]
        waits = sum(
            times * (step.seconds / self.time_scale + ALLOWANCE_S)
            for times, step in zip(directions, scenario.steps, strict=True)
        )
        return guard(self.layout, time_scale=self.time_scale, cap_s=waits + RESTORED_S)

    async def perform_and_die(self, scenario: Scenario, folder: Folder, tell: Tell) -> None:
        """Have another process perform a scenario that dies, and return when all was put right.

        Raises FaultError where the process ended in another way, or nobody put anything right.
        """
        status = await self._performed_elsewhere(scenario, folder, tell)
        if status != -signal.SIGKILL:
            raise FaultError(f"The drill was to be killed, and ended with {status}.")
        tell("the drill is dead; its watchdog takes over")
        ends = time.monotonic() + RESTORED_S
        while not any(line.restored for line in diary.read(folder.diary)):
            if time.monotonic() > ends:
                raise FaultError(
                    f"Nobody put right what {folder.path} disturbed. By hand: make down, make up."
                )
            await asyncio.sleep(LOOK_S)

    async def _performed_elsewhere(self, scenario: Scenario, folder: Folder, tell: Tell) -> int:
        """Have another process perform a scenario, and return how that ended; what ends this ends that."""
        command = [sys.executable, "-m", "pipeline.drill.local.venue", scenario.name, str(folder.path)]
        command += [str(self.layout.port), str(self.layout.state), repr(self.time_scale)]
        # In a session of its own: Ctrl-C at a terminal reaches it once, from here, and not twice.
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True
        )
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        try:
            async for line in process.stdout:
                tell(line.decode(errors="replace").rstrip())
        except BaseException:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGINT)
            await process.wait()
            raise
        return await process.wait()


def main() -> None:
    """Perform a scenario at a place that is open already; this is the drill that dies."""
    name, path, port, state, time_scale = sys.argv[1:]
    scenario, folder = named(name), Folder(path=Path(path))
    venue = LocalVenue(layout=Layout(port=int(port), state=Path(state)), time_scale=float(time_scale))
    place = local_place(venue.layout, folder.path, venue.time_scale)
    performance = Performance(
        scenario=scenario,
        place=place,
        folder=folder,
        guard=venue.guard(scenario),
        tell=_say,
    )
    try:
        asyncio.run(performance.perform())
    except (FaultError, ProbeError) as error:
        raise SystemExit(str(error)) from error
    except KeyboardInterrupt as interrupt:
        raise SystemExit(130) from interrupt


@contextmanager
def _apart(layout: Layout) -> Iterator[None]:
    """Keep executions of the pipeline from beginning during a drill; raises FaultError where one goes on."""
    with ExitStack() as held:
        try:
            held.enter_context(platform.apart(layout))
        except LocalError as error:
            raise FaultError(str(error)) from error
        yield


def _require_running(layout: Layout) -> None:
    """Raise FaultError unless the platform runs, and nobody is changing it."""
    try:
        with platform.exclusive(layout):
            services = platform.services(layout)
    except LocalError as error:
        raise FaultError(str(error)) from error
    if down := [service.name for service in services if service.process is None]:
        raise FaultError(f"The platform in {layout.state} lacks {', '.join(down)}: start it with `make up`.")
    *regions_and_dns, _ = services
    if silent := [service.name for service in regions_and_dns if not service.ready()]:
        raise FaultError(
            f"The platform in {layout.state} runs, and does not answer at the ports from {layout.port} on "
            f"({', '.join(silent)}): name its PORT, or do `make down` and `make up`."
        )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
