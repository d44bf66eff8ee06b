"""A table that is kept beside the one that serves, made anew from it: what is configured has to be there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pipeline import runbook
from pipeline.drill.region import now
from pipeline.drill.step import Role
from pipeline.restore import table_copy
from pipeline.restore.calls import calls
from pipeline.restore.place import RestorePlace
from pipeline.restore.step import Do, Step
from pipeline.restore.table import MOST_S, RestoredTable
from pipeline.restore.waiting import until

MADE_BY = (Do.RESTORE, Do.AWAIT_RESTORED, Do.SETTINGS, Do.REPLICATE, Do.AWAIT_REPLICATED)


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A table of this name, which serves nobody; methods raise FaultError and botocore's errors."""

    place: RestorePlace
    name: str

    def make(self) -> None:
        """Replace what is left of it by a copy of the table that serves, fenced as a former table is.

        The record of tables and a stack name it, and must not name what is not there. What it held was given
        up when a drill began to make it anew.
        """
        self._table.remove()
        for step in table_copy.STEPS:
            if step.do in MADE_BY:
                self._take(step)
        for role in Role:
            region, deployment = self.place.region(role, self.name), self.place.place.deployment
            region.send(runbook.fence(deployment, region.name, at=now(), table=self.name))

    def _take(self, step: Step) -> None:
        role = step.role or Role.PRIMARY
        match step.do:
            case Do.AWAIT_RESTORED:
                self._table.await_active(role)
            case Do.AWAIT_REPLICATED:
                until(self._table.replicated, most_s=MOST_S, otherwise=f"{self.name} has no replica")
            case _:
                point = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
                facts = replace(self.place.facts, restored=self.name, restore_point=point)
                for call in calls(step, self.place.place.deployment, facts):
                    if step.do is not Do.RESTORE:
                        self._table.await_active(role)
                    self.place.send(call)

    @property
    def _table(self) -> RestoredTable:
        return RestoredTable(place=self.place, name=self.name)
