"""A restore as a whole: is the place well, perform, is it well again, judge, report."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from pipeline.drill.performance import Guard
from pipeline.drill.place import Place
from pipeline.drill.report import record as drill_record
from pipeline.drill.whole import made, well, write
from pipeline.restore.folder import Folder
from pipeline.restore.judgement import judged
from pipeline.restore.performance import Performance
from pipeline.restore.place import RestorePlace
from pipeline.restore.report import page, record
from pipeline.restore.report.held import Held
from pipeline.restore.scenario import Scenario

Tell = Callable[[str], None]


class Venue(Protocol):
    """Somewhere that a restore can be tried, before it is opened for one."""

    @property
    def command(self) -> str:
        """What comes before a scenario's name in the command that runs a drill here."""

    def opened(self, folder: Folder) -> AbstractContextManager[RestorePlace]:
        """Give the place for one drill; raises FaultError and ProbeError."""

    def guard(self, scenario: Scenario) -> Guard:
        """Return what has somebody else put the place right if the drill cannot."""


async def hold(scenario: Scenario, venue: Venue, path: Path, tell: Tell, *, users: int) -> Held:
    """Hold a drill, and leave its report, `report.html` and `report.json`, beside its evidence.

    `users` are made beforehand. Raises FaultError, ProbeError, OSError, botocore's errors, and those of
    damaged evidence: it could not be held, or not be judged. The evidence stays in the folder.
    """
    with made(path), venue.opened(folder := Folder(path=path)) as place:
        tell("is all well?")
        await well(place.place, "It is not well before the drill: ")
        started_at = time.time()
        performance = Performance(
            scenario=scenario,
            place=place,
            folder=folder,
            guard=venue.guard(scenario),
            tell=tell,
            users=users,
        )
        before = await performance.perform()
        tell("is all well again?")
        await well(_served(place, folder), "It is not well after the drill: ")
        ended_at = time.time()
        found = await judged(scenario, place, folder, before=before)
        versions = await place.place.probes.versions()
    held = Held(
        scenario=scenario,
        place=place.place.name,
        deployment=place.place.deployment.name,
        started_at=started_at,
        ended_at=ended_at,
        judged=found,
        command=f"{venue.command} SCENARIO={scenario.name}",
        limits=place.place.limits,
        versions={place.place.regions[role].name: version for role, version in versions.items()},
        files=sorted(file.name for file in path.iterdir()),
    )
    write(path / "report.json", drill_record.encoded(record.as_json(held)))
    write(path / "report.html", page.render(held).encode())
    return held


def _served(place: RestorePlace, folder: Folder) -> Place:
    """Return the place with the table that serves now."""
    changed = folder.answers.changed
    table = changed.tables[-1] if changed else place.former
    return replace(place.place, regions={role: place.region(role, table) for role in place.place.regions})
