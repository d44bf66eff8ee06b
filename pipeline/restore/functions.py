"""The functions of a restore, called as an operator calls them, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from pipeline.config import Deployment
from pipeline.drill.faults import FaultError
from pipeline.drill.run import NotInTimeError
from pipeline.restore.answer import Answer, Replayed, Validated
from pipeline.restore.calls import verify
from pipeline.restore.facts import Facts
from pipeline.restore.folder import Folder
from pipeline.restore.place import RestorePlace
from pipeline.runbook import Call


@dataclass(frozen=True, kw_only=True)
class Functions:
    """Calls the validator and the replayer, and keeps what they say; methods raise FaultError."""

    place: RestorePlace
    folder: Folder

    def verify(self, call: Call, facts: Facts) -> str:
        """Have a table validated, and return what was said; raises NotInTimeError for one that is not sound.

        The first time the former table is shown to it too, which is damaged: a validator that finds nothing
        there finds nothing anywhere. It is not told how many users there were: the damage has to be seen.
        """
        if not self.folder.answers.validated:
            self._validated(self._of_former(call, facts))
        found = self._validated(call)
        if not found.sound:
            raise NotInTimeError(f"{found.table} is not sound: {found.message}")
        return f"{found.table}: {found.users:,} users, {found.message}"

    def replay(self, call: Call) -> str:
        """Have what was acknowledged taken over, and return what was said."""
        found: Replayed = self._answered(call, Replayed)
        self.folder.answers.add(Answer(replayed=found))
        return (
            f"{found.replayed:,} versions taken over, {found.rebased:,} of them without what was corrupt, "
            f"{found.deleted:,} deletions, {found.receipts:,} receipts, {len(found.conflicts):,} conflicts"
        )

    def _validated(self, call: Call) -> Validated:
        found: Validated = self._answered(call, Validated)
        self.folder.answers.add(Answer(validated=found))
        return found

    def _of_former(self, call: Call, facts: Facts) -> Call:
        """Return the call of the same function for the former table."""
        deployment: Deployment = self.place.place.deployment
        return verify(deployment, self.place.role_of(call.region), facts.former)

    def _answered(self, call: Call, kind: Any) -> Any:  # noqa: ANN401 - of the kind that is asked for
        try:
            answer = self.place.send(call)
            text: bytes = answer["Payload"].read()
        except (BotoCoreError, ClientError) as error:
            raise FaultError(f"{call.purpose} failed ({error}). By hand: {call.command}") from error
        if "FunctionError" in answer:
            raise FaultError(f"{call.purpose} failed: {text.decode(errors='replace')[:500]}")
        try:
            return msgspec.json.decode(text, type=kind)
        except ValueError as error:
            raise FaultError(f"{call.purpose} answered {text[:200]!r}: {error}") from error
