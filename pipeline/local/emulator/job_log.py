"""The jobs of AWS Backup of one kind: what was accepted, how far it is, and how it ended."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple
from uuid import uuid4

from ministack.core.responses import request_scope
from ministack.services import eventbridge

from pipeline.local.emulator.backup_state import BackupState
from pipeline.local.emulator.change import Item
from pipeline.local.emulator.dispatch import RefusedError
from pipeline.local.emulator.peer import PeerRefusedError
from pipeline.local.emulator.recovery_points import DYNAMODB
from pipeline.local.emulator.snapshot import SnapshotDamagedError

RUNNING, COMPLETED, FAILED = "RUNNING", "COMPLETED", "FAILED"
KILLED = "The Region stopped before the job was done."
TROUBLE = (RefusedError, PeerRefusedError, SnapshotDamagedError, OSError, ValueError)

Work = Coroutine[Any, Any, None]


class Kind(NamedTuple):
    """How a kind of jobs is called: among the records, in its id, state, percentage and event."""

    records: str
    id: str
    state: str
    first: str
    event: str
    percent: str = "{}"


BACKUP = Kind("backup", "BackupJobId", "State", "CREATED", "Backup Job State Change", "{:.1f}")
COPY = Kind("copy", "CopyJobId", "State", "CREATED", "Copy Job State Change", "{:.1f}")
RESTORE = Kind("restore", "RestoreJobId", "Status", "PENDING", "Restore Job State Change", "{:.2f}%")


class JobLog:
    """Jobs of a kind: on disk when they are accepted and when they have ended, which EventBridge is told."""

    def __init__(self, state: BackupState, kind: Kind) -> None:
        self._state = state
        self.kind = kind
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, job: Item, request: Item, work: Callable[[Item], Work]) -> Item:
        """Accept a job, run it in the scope of the request, and return it."""
        job_id = str(uuid4()).upper()
        common = {
            self.kind.id: job_id,
            self.kind.state: self.kind.first,
            "StatusMessage": "",
            "CreationDate": round(time.time(), 3),  # AWS tells times to the ms
            "PercentDone": self.kind.percent.format(0),
            "ResourceType": DYNAMODB,
            "IamRoleArn": request.get("IamRoleArn", ""),
            "_token": request.get("IdempotencyToken"),
        }
        accepted = self._state.add(self.kind.records, job_id, {**common, **job})
        self.run(accepted, work(accepted))
        return accepted

    def repeated(self, request: Item) -> Item | None:
        """Return the job that the same request has started already, which its IdempotencyToken tells."""
        token, jobs = request.get("IdempotencyToken"), self._state.of_account(self.kind.records)
        return next((job for job in jobs if token and job["_token"] == token), None)

    def unfinished(self) -> list[Item]:
        """Return the jobs of all accounts that have not ended."""
        jobs = self._state.everybodys(self.kind.records)
        return [job for job in jobs if job[self.kind.state] not in (COMPLETED, FAILED)]

    def fail_unfinished(self) -> None:
        """End what a former process had not finished."""
        for job in self.unfinished():
            with request_scope(job["AccountId"], self._state.region):
                self.end(job, KILLED)

    def run(self, job: Item, work: Work) -> None:
        """Do the work of a job on the running loop, and note how it ends."""

        async def run() -> None:
            job[self.kind.state] = RUNNING
            try:
                await work
            except TROUBLE as error:
                self.end(job, error.message if isinstance(error, RefusedError) else str(error))
            else:
                self.end(job, None)

        task = asyncio.get_running_loop().create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def end(self, job: Item, trouble: str | None) -> None:
        """Have it on disk how a job ended, well or in trouble, and then tell EventBridge."""
        job[self.kind.state] = COMPLETED if trouble is None else FAILED
        job["StatusMessage"] = trouble or ""
        job["CompletionDate"] = round(time.time(), 3)
        job["PercentDone"] = self.kind.percent.format(0 if trouble else 100)
        self._state.save()
        detail = {name[0].lower() + name[1:]: value for name, value in job.items() if name[0] != "_"}
        entry = {
            "Source": "aws.backup",
            "DetailType": self.kind.event,
            "Detail": json.dumps(detail),
            "Resources": [job.get("RecoveryPointArn") or job["SourceRecoveryPointArn"]],
        }
        eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)


def required(request: Item, parameter: str) -> str:
    """Return a parameter that must be there.

    Raises:
        RefusedError: MissingParameterValueException.
    """
    if value := request.get(parameter):
        return str(value)
    raise RefusedError("MissingParameterValueException", f"{parameter} is required.")


def invalid(message: str) -> RefusedError:
    """Return the refusal of a request that makes no sense."""
    return RefusedError("InvalidParameterValueException", message)


def started(job: Item, *names: str) -> Item:
    """Return what is answered of a job that was accepted."""
    return {name: job[name] for name in names}
