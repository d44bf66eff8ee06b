"""What a drill of a restore does to a place, each act on record before it begins, and how it is undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from botocore.exceptions import BotoCoreError, ClientError

from pipeline import runbook
from pipeline.drill.clock import Clock
from pipeline.drill.disturbance import Disturbance, Kind
from pipeline.drill.faults import FaultError
from pipeline.drill.region import now
from pipeline.drill.step import Role
from pipeline.local.errors import LocalError
from pipeline.restore.answer import Answer, Changed
from pipeline.restore.copy import Copy
from pipeline.restore.folder import Folder
from pipeline.restore.mending import Mending
from pipeline.restore.place import RestorePlace
from pipeline.restore.table import ABSENT, RestoredTable
from pipeline.runbook import Call

Tell = Callable[[str], None]
DAMAGED = Disturbance(kind=Kind.DAMAGED)


class Acts:
    """Fences, restores and cuts over, and undoes it; every call blocks, and raises FaultError."""

    def __init__(self, place: RestorePlace, folder: Folder, clock: Clock) -> None:
        self._place = place
        self._folder = folder
        self._clock = clock
        self._on_record = folder.disturbances

    def damages(self) -> None:
        """Note that users are about to be damaged."""
        self._on_record.add(DAMAGED)

    def repaired(self) -> None:
        """Note that nobody is damaged any more."""
        self._on_record.remove(DAMAGED)

    def restore(self, calls: Sequence[Call]) -> None:
        """Remove what a drill before left of the table that is to be made, and ask for that."""
        table = RestoredTable(place=self._place, name=self._place.restored)
        self._on_record.add(Disturbance(kind=Kind.RESTORED, table=table.name))
        try:
            table.remove()
        except (BotoCoreError, ClientError) as error:
            raise FaultError(f"{table.name}, which serves nobody, is not to be removed: {error}") from error
        self.send(calls)

    def fence(self, calls: Sequence[Call]) -> None:
        """Have a Region refuse writes, in the tables that the calls name."""
        for call in calls:
            self._on_record.add(self._fenced(call))
            self.send([call])

    def unfence(self, calls: Sequence[Call]) -> None:
        """Have a Region take writes, in the tables that the calls name."""
        for call in calls:
            self.send([call])
            self._on_record.remove(self._fenced(call))

    def cut_over(self) -> None:
        """Have the restored table serve; with it all damage is undone, and the former one stays fenced."""
        self._on_record.add(Disturbance(kind=Kind.CUT_OVER, table=self._place.restored))
        self._finish(self._place.restored)

    def send(self, calls: Sequence[Call]) -> None:
        """Send calls, each as an operator would."""
        for call in calls:
            try:
                self._place.send(call)
            except (BotoCoreError, ClientError) as error:
                raise FaultError(f"{call.purpose} failed ({error}). By hand: {call.command}") from error

    def undo(self, tell: Tell) -> None:
        """Undo all that is on record; raises what resists.

        A cut over that changed anything is finished: both tables are fenced then, and the restored one has
        all that was acknowledged. Before that the former table serves on: fences go first, then the table
        that was being made, and the damage at last. Where the former one is all that serves, a cut over is
        no more than begun.
        """
        for each in self._on_record.all:
            if each.kind is Kind.CUT_OVER and self._serves_nobody(each.table):
                tell(f"putting right: {self._place.former} serves on, nothing was changed")
                self._on_record.remove(each)
            elif each.kind is Kind.CUT_OVER:
                tell(f"putting right: {each.table} is made to serve")
                self._finish(each.table)
        for each in reversed(self._on_record.all):
            if each.kind is Kind.FENCED:
                tell(f"putting right: {each}")
                self._unfence(each)
        for each in reversed(self._on_record.all):
            tell(f"putting right: {each}")
            if each.kind is Kind.RESTORED:
                self._withdraw(each.table)
            else:
                self._mend()
            self._on_record.remove(each)

    def _serves_nobody(self, table: str) -> bool:
        """Tell whether only the former table is used, and recorded to be; a Region may not let one know."""
        with suppress(LocalError):
            return set(self._place.in_use()) == {self._place.former} != {table}
        return False

    def _withdraw(self, table: str) -> None:
        """Remove the table that was being made; one that was kept before is made anew."""
        if table in self._place.tables:
            Copy(place=self._place, name=table).make()
        else:
            RestoredTable(place=self._place, name=table).remove()

    def _finish(self, table: str) -> None:
        after = self._place.serving(table)
        try:
            self._place.switch(after)
        except LocalError as error:
            raise FaultError(f"{table} does not serve yet: {error}") from error
        self._folder.answers.add(Answer(changed=Changed(at=self._clock.now(), tables=tuple(after))))
        for each in self._on_record.all:
            if each.kind is not Kind.FENCED or each.table != table:
                self._on_record.remove(each)

    def _unfence(self, fenced: Disturbance) -> None:
        """Let a Region take writes in a table; one that is gone refuses nothing."""
        role = fenced.role or Role.PRIMARY
        region = self._place.region(role, fenced.table)
        deployment = self._place.place.deployment
        try:
            region.send(runbook.unfence(deployment, region.name, at=now(), table=fenced.table))
        except ClientError as error:
            if error.response["Error"]["Code"] != ABSENT:
                raise
        self._on_record.remove(fenced)

    def _mend(self) -> None:
        with self._place.http() as http:
            region = self._place.region(Role.PRIMARY, self._place.former)
            Mending(region=region, http=http).mend(self._folder.damages.all)

    def _fenced(self, call: Call) -> Disturbance:
        role, table = self._place.role_of(call.region), str(call.parameters["TableName"])
        return Disturbance(kind=Kind.FENCED, role=role, table=table)
