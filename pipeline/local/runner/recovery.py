"""Clears up after executions whose runner was killed."""

from __future__ import annotations

from pipeline.local.runner.ledger import Ledger
from pipeline.local.runner.record import Record, Status
from pipeline.local.runner.rollback import Back

KILLED = "its runner was killed"


async def recover(back: Back) -> None:
    """Mark each execution that nobody runs any more, and roll back what it may have left half-changed.

    To be called by whoever has the turn, before anything new is begun. Raises OSError; an interruption ends
    the rollback and goes on to the caller.
    """
    for record in back.history.records():
        if record.abandoned:
            await _recover(record, back)


async def _recover(record: Record, back: Back) -> None:
    ledger = Ledger(back.history, record)
    if record.status is Status.QUEUED:
        ledger.end(Status.STOPPED, f"{KILLED} while it waited for its turn")
        return
    back.tell(f"{record.id} did not end: {KILLED}")
    try:
        for name, began in record.stages.items():
            if began.under_way:
                ledger.stage_ended(name, Status.FAILED, began.cause or KILLED)
                stage = back.definition.stage(name)
                if stage and stage.rolls_back and stage.deploys:
                    await back.roll_back(stage, ledger, interruptions=0)
    finally:
        ledger.end(Status.FAILED, KILLED)
