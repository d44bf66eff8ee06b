"""This machine, for a restore."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from pipeline.drill.faults import FaultError
from pipeline.drill.guard import watched_by
from pipeline.drill.local import aws
from pipeline.drill.local.place import local_place
from pipeline.drill.local.venue import LocalVenue
from pipeline.drill.performance import Guard
from pipeline.drill.place import Place
from pipeline.drill.step import Role
from pipeline.local.layout import Layout, RegionPlace
from pipeline.local.platform import environment
from pipeline.local.progress import Progress
from pipeline.local.serving import tables_in_use
from pipeline.local.switching import switch
from pipeline.restore.folder import Folder
from pipeline.restore.invocation import LONGEST_S
from pipeline.restore.place import RestorePlace
from pipeline.restore.scenario import Scenario
from stacks import names

WATCHDOG = "pipeline.restore.watchdog"
RESTORES = "restores"
UNDONE_S = 600.0
PATIENCE_S = 60.0
LIMITS = (
    "Both Regions are processes of one machine, and the table has hundreds of users: nothing here says how "
    "long AWS takes for a table of yours. Its own figure for a restore is minutes to hours.",
    "The limit of the RTO is one for this machine: AWS takes longer, for the restore, for the replica and "
    "for the deployment that cuts over.",
    "The restore point may be the present second here; on AWS it is up to 5 minutes behind.",
    "What functions and deployments may do is not checked here: a right that is missing shows on AWS alone.",
    "Deploying another table takes half a minute here, and a quarter of an hour with canaries on AWS.",
)


@dataclass(frozen=True, kw_only=True)
class LocalRestores:
    """The platform of a layout, as the venue of restores."""

    layout: Layout

    @property
    def command(self) -> str:
        """What comes before a scenario's name in the command that runs a drill here."""
        port = f" PORT={self.layout.port}" if self.layout.port != Layout().port else ""
        state = f"--state {shlex.quote(str(self.layout.state))}"
        arguments = f" ARGS={shlex.quote(state)}" if self.layout.state != Layout().state else ""
        return f"make restore-drill{port}{arguments}"

    def opened(self, folder: Folder) -> AbstractContextManager[RestorePlace]:
        """Give the place for one drill.

        Raises FaultError where the platform does not run, where another command, drill or an execution of the
        pipeline holds it, and where a drill before left something that nobody put right.
        """

        @contextmanager
        def given() -> Iterator[RestorePlace]:
            with LocalVenue(layout=self.layout, time_scale=1).opened(folder) as place:
                self._require_undisturbed(folder)
                yield restore_place(self.layout, place, folder)

        return given()

    def guard(self, scenario: Scenario) -> Guard:
        """Return what has a process of its own end the drill when it is dead, or takes too long."""
        cap_s = sum(step.seconds for step in scenario.steps) + UNDONE_S
        where = ["--port", str(self.layout.port), "--state", str(self.layout.state)]
        return watched_by(WATCHDOG, *where, cap_s=cap_s, environment=environment())

    def disturbed(self) -> list[Folder]:
        """Return the folders of drills that left something on record, the oldest first."""
        folders = [Folder(path=path) for path in sorted((self.layout.state / RESTORES).glob("*/"))]
        return [folder for folder in folders if folder.disturbances.all]

    def _require_undisturbed(self, own: Folder) -> None:
        left = [folder.path.name for folder in self.disturbed() if folder.path != own.path]
        if left:
            raise FaultError(f"{left[0]} left what is not undone yet: {undo_command(self.layout)}")


def undo_command(layout: Layout) -> str:
    """Return the command that undoes what drills left on a platform."""
    return (
        f"make up, then .venv/bin/python -m pipeline.restore undo --port {layout.port} --state {layout.state}"
    )


def restore_place(layout: Layout, place: Place, folder: Folder) -> RestorePlace:
    """Return a platform as the place of a restore; what deploying it says goes to the drill's folder.

    Of the two tables that are there by turns, the one that does not serve is to be made.
    """
    served = layout.served
    turns = (served.service, names.restored_table(served.service))
    return RestorePlace(
        place=replace(place, limits=LIMITS),
        clients={role: _clients(region) for role, region in zip(Role, layout.regions, strict=True)},
        urls={role: region.api_url for role, region in zip(Role, layout.regions, strict=True)},
        tables=served.tables,
        restored=next(name for name in turns if name != served.table_name),
        switch=partial(_switch, layout, folder.path / "deploy.log"),
        in_use=partial(_in_use, layout),
    )


def place_of(layout: Layout, folder: Folder) -> RestorePlace:
    """Return the place of a drill that is over, to undo what it left."""
    return restore_place(layout, local_place(layout, folder.path, 1), folder)


def _switch(layout: Layout, log: Path, tables: Any) -> None:  # noqa: ANN401 - a sequence of names
    """Deploy with other tables; raises LocalError."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as file:
        switch(layout, tables, Progress(Console(file=file)).step)


def _in_use(layout: Layout) -> Collection[str]:
    """Name the tables that functions use, and the one that `up` would have them use; raises LocalError."""
    return {*tables_in_use(layout), layout.served.table_name}


def _clients(region: RegionPlace) -> dict[str, Any]:
    """Return clients that wait for what a restore asks for; a function may take as long as it may run."""
    return {
        "dynamodb": aws.client(region, "dynamodb", patience_s=PATIENCE_S),
        "cloudwatch": aws.client(region, "cloudwatch"),
        "lambda": aws.client(region, "lambda", patience_s=LONGEST_S, attempts=1),
    }
