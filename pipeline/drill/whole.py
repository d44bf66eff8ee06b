"""A drill as a whole: is the place well, perform, is it well again, judge, report."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from pipeline.drill.faults import FaultError
from pipeline.drill.judgement import Judged, judged, rows
from pipeline.drill.performance import Folder, Guard, Performance
from pipeline.drill.place import Place
from pipeline.drill.probes import ProbeError
from pipeline.drill.report import page, record
from pipeline.drill.report.drilled import Drilled
from pipeline.drill.scenario import Scenario
from pipeline.drill.step import Role

LOOK_S = 0.2
WELL_AGAIN_S = 300.0

Tell = Callable[[str], None]


class Venue(Protocol):
    """Somewhere that a drill can be held, before it is opened for one."""

    @property
    def usual(self) -> str:
        """The name of the scenario that is performed here unless another one is asked for."""

    @property
    def command(self) -> str:
        """What comes before a scenario's name in the command that runs a drill here."""

    def scenario(self, name: str) -> Scenario:
        """Return a scenario as it is performed here; raises UnknownScenario and FaultError."""

    def plan(self, scenario: Scenario) -> Sequence[str]:
        """Return what a drill would do, as comments and commands for a shell; raises FaultError."""

    def opened(self, folder: Folder) -> AbstractContextManager[Place]:
        """Give the place for one drill; raises FaultError and ProbeError."""

    def guard(self, scenario: Scenario) -> Guard:
        """Return what has somebody else put the place right if the drill cannot."""

    async def perform_and_die(self, scenario: Scenario, folder: Folder, tell: Tell) -> None:
        """Have another process perform a scenario that dies, and return when all was put right.

        Raises FaultError where the process ended in another way, or nobody put anything right.
        """


async def hold(scenario: Scenario, venue: Venue, path: Path, tell: Tell) -> Drilled:
    """Hold a drill, and leave its report, `report.html` and `report.json`, beside its evidence.

    Raises FaultError, ProbeError, OSError, botocore's errors, and those of damaged evidence: it could not be
    held, or not be judged. The evidence stays in the folder.
    """
    with made(path) as folder, venue.opened(folder) as place:
        tell("is all well?")
        await well(place, "It is not well before the drill: ")
        before = await rows(place, Role.PRIMARY)
        started_at = time.time()
        if scenario.dies:
            await venue.perform_and_die(scenario, folder, tell)
        else:
            guard = venue.guard(scenario)
            await Performance(scenario=scenario, place=place, folder=folder, guard=guard, tell=tell).perform()
        tell("is all well again?")
        await well(place, "It is not well after the drill: ")
        ended_at = time.time()
        found = await judged(scenario, place, folder, before=before)
        versions = await place.probes.versions()
    drilled = _drilled(scenario, venue, place, folder, found, versions, span=(started_at, ended_at))
    write(path / "report.json", record.encoded(record.as_json(drilled)))
    write(path / "report.html", page.render(drilled).encode())
    return drilled


def _drilled(
    scenario: Scenario,
    venue: Venue,
    place: Place,
    folder: Folder,
    found: Judged,
    versions: Mapping[Role, str],
    *,
    span: tuple[float, float],
) -> Drilled:
    """Bring together what a report tells."""
    started_at, ended_at = span
    return Drilled(
        scenario=scenario,
        place=place.name,
        deployment=place.deployment.name,
        time_scale=place.time_scale,
        allowance_s=place.allowance_s,
        started_at=started_at,
        ended_at=ended_at,
        began=found.began,
        ended=found.ended,
        evidence=found.evidence,
        verdict=found.verdict,
        command=f"{venue.command} SCENARIO={scenario.name}",
        limits=place.limits,
        versions={place.regions[role].name: version for role, version in versions.items()},
        restored_by=found.restored_by,
        torn_line=found.torn_line,
        files=sorted(file.name for file in folder.path.iterdir()),
    )


@contextmanager
def made(path: Path) -> Iterator[Folder]:
    """Make a folder for a drill's evidence, which stays there; if there is none, it does not.

    Raises FaultError for a folder that is there already.
    """
    try:
        path.mkdir(parents=True)
    except FileExistsError as error:
        raise FaultError(f"{path} is there already, with what may be another drill: begin again.") from error
    try:
        yield Folder(path=path)
    except BaseException:
        with suppress(OSError):  # it is not empty
            path.rmdir()
        raise


def write(file: Path, content: bytes) -> None:
    """Write a file as a whole, or leave none of it; raises OSError, which names the file."""
    new = file.with_name(f"{file.name}.new")
    try:
        new.write_bytes(content)
        new.replace(file)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(file)) from error


async def well(place: Place, otherwise: str) -> None:
    """Return once DNS leads to the primary Region, and what either takes arrives in the other.

    Raises ProbeError, with what comes before what is not so, where that takes too long.
    """
    ends = time.monotonic() + place.at_scale(WELL_AGAIN_S) + place.allowance_s
    await _until(lambda: _leads_home(place), ends, f"{otherwise}DNS does not lead to the primary Region.")
    for role in Role:
        here, there = place.regions[role], place.regions[role.peer]
        mark = await asyncio.to_thread(here.mark)

        async def arrived() -> bool:
            return await asyncio.to_thread(there.has_mark, mark, of=here.name)  # noqa: B023 - awaited at once

        await _until(arrived, ends, f"{otherwise}what {here.name} takes does not arrive in {there.name}.")


async def _leads_home(place: Place) -> bool:
    return await place.probes.answered() is Role.PRIMARY


async def _until(condition: Callable[[], Awaitable[bool]], ends: float, otherwise: str) -> None:
    while not await condition():
        if time.monotonic() > ends:
            raise ProbeError(otherwise)
        await asyncio.sleep(LOOK_S)
