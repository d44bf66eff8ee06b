"""The executions of the pipeline on disk: a folder for each, with its record, its artifacts and its logs."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from pipeline.local.runner.record import Record, StageRecord, Status, identify

RECORD = "record.json"
KEPT = 10
# What of an execution takes up room, and is of no use once nothing can be rolled back to it.
BULKY = ("artifacts", "logs", "rollback")


class History:
    """Executions below a folder; a folder there that holds no record is told of, once, and left alone."""

    def __init__(self, folder: Path, *, tell: Callable[[str], None] = lambda _: None) -> None:
        self.folder = folder
        self._tell = tell
        self._told: set[str] = set()

    def place(self, id: str) -> Path:
        """The folder of an execution."""
        return self.folder / id

    def artifacts(self, id: str) -> Path:
        """The folder that has a folder for each artifact of an execution."""
        return self.place(id) / "artifacts"

    def write(self, record: Record) -> None:
        """Keep a record, whole at once; the folder of a new one appears with it. Raises OSError."""
        place = self.place(record.id)
        if not place.exists():
            new = self._new(record.id)
            self._put(record, new)
            new.rename(place)
        else:
            self._put(record, place)

    def read(self, id: str) -> Record:
        """Return one record; raises OSError if there is none, and ValueError if it cannot be read."""
        record = msgspec.json.decode((self.place(id) / RECORD).read_bytes(), type=Record)
        if record.id != id:
            raise ValueError(f"{self.place(id)} has the record of {record.id}")
        return record

    def records(self) -> Sequence[Record]:
        """Return every execution, in the order in which they were pushed."""
        found = []
        for place in self.folder.iterdir() if self.folder.is_dir() else []:
            if place.name.startswith("."):
                continue
            try:
                found.append(self.read(place.name))
            except (OSError, ValueError) as error:  # msgspec's errors are ValueErrors
                if place.name not in self._told:
                    self._told.add(place.name)
                    self._tell(f"{place} holds no execution, and is passed over: {error}")
        return sorted(found, key=lambda record: record.order)

    def last_good(self, stage: str) -> Record | None:
        """Return the execution that passed a stage last, whenever it was pushed; None if none did."""
        passed = [record for record in self.records() if _passed_at(record, stage)]
        return max(passed, key=lambda record: (_passed_at(record, stage), record.order), default=None)

    def keep(self, number: int = KEPT) -> None:
        """Drop artifacts and logs of all but the newest executions; their records stay.

        What a stage could be rolled back to keeps them, and so does an execution that is not over.
        """
        records = self.records()
        good = [self.last_good(stage) for stage in {name for record in records for name in record.stages}]
        kept = {record.id for record in (*good, *records[-number:]) if record}
        for record in records:
            over = record.status not in {Status.QUEUED, Status.IN_PROGRESS}
            for name in BULKY if over and record.id not in kept else ():
                shutil.rmtree(self.place(record.id) / name, ignore_errors=True)

    def adopt(
        self,
        *,
        commit: str,
        subject: str,
        committed_at: float,
        stages: Sequence[str],
        fill: Callable[[Path], None],
        at: float | None = None,
    ) -> Record:
        """Record that stages stand as a commit has them, though no execution brought them there.

        `fill` puts the artifacts into the folder that it is given, one folder each; if it fails, nothing is
        recorded. The stages can be rolled back to it then. Raises OSError, and what `fill` raises.
        """
        now = time.time() if at is None else at
        passed = StageRecord(status=Status.SUCCEEDED, began_at=now, ended_at=now, cause="deployed by hand")
        record = Record(
            id=identify(commit, now),
            commit=commit,
            subject=subject,
            committed_at=committed_at,
            pushed_at=now,
            began_at=now,
            ended_at=now,
            status=Status.SUCCEEDED,
            cause="deployed by hand",
            stages=dict.fromkeys(stages, passed),
        )
        new = self._new(record.id)
        artifacts = new / "artifacts"
        artifacts.mkdir()
        try:
            fill(artifacts)
            self._put(record, new)
            new.rename(self.place(record.id))
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        return record

    def _new(self, id: str) -> Path:
        """Make the folder of an execution under a name by which nobody finds it yet."""
        new = self.folder / f".{id}.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        return new

    @staticmethod
    def _put(record: Record, place: Path) -> None:
        temporary = place / f"{RECORD}.new"
        temporary.write_bytes(msgspec.json.format(msgspec.json.encode(record), indent=1))
        temporary.replace(place / RECORD)


def _passed_at(record: Record, name: str) -> float:
    """When an execution passed a stage, in epoch seconds; 0 if it did not."""
    stage = record.stages.get(name)
    return (stage.ended_at or 0) if stage and stage.status is Status.SUCCEEDED else 0
