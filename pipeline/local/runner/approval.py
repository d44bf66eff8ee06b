"""Who says whether an execution may go on, and how that is asked."""

from __future__ import annotations

import asyncio
import os
import re
import select
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pipeline.local.runner.definition import Action
from pipeline.local.runner.record import Record

POLL_S = 0.1


class Decision(StrEnum):
    """What became of an approval; `Waiting` is that nobody is there to decide."""

    APPROVED = "Approved"
    REJECTED = "Rejected"
    WAITING = "Waiting"


class Approver(Protocol):
    """Answers for an approval."""

    async def ask(self, action: Action, comment: str, url: str, record: Record) -> Decision:
        """Return what is decided; `comment` and `url` are what the approval shows, and may be empty."""
        ...


@dataclass(frozen=True, kw_only=True)
class Nobody:
    """There is nobody to ask: the execution waits."""

    async def ask(self, action: Action, comment: str, url: str, record: Record) -> Decision:  # noqa: ARG002 - Approver
        """Return that it waits."""
        return Decision.WAITING


@dataclass(frozen=True, kw_only=True)
class Beforehand:
    """It was said beforehand: for every approval, or for the one that is named, with another for the rest."""

    decision: Decision = Decision.APPROVED
    action: str | None = None
    otherwise: Approver = Nobody()

    async def ask(self, action: Action, comment: str, url: str, record: Record) -> Decision:
        """Return what was said."""
        if self.action in {None, action.name}:
            return self.decision
        return await self.otherwise.ask(action, comment, url, record)


@dataclass(frozen=True, kw_only=True)
class AtTerminal:
    """Somebody at a terminal, by its open file descriptor; without an answer the execution waits."""

    terminal: int

    async def ask(self, action: Action, comment: str, url: str, record: Record) -> Decision:
        """Show what is to be approved, and return the answer; just Enter is a no."""
        lines = [f"{action.name}: may {record.commit[:7]} ({record.subject}) go on?"]
        lines += [f"  {line}" for line in re.split(r"\n| \| ", comment) if line.strip()]
        lines += [f"  {url}"] if url and url not in comment else []
        try:
            os.write(self.terminal, "\n".join([*lines, ""]).encode())
            while True:
                os.write(self.terminal, b"Approve? [y/N] ")
                answer = await self._line()
                if answer is None:
                    return Decision.WAITING
                if answer.strip().lower() in {"y", "yes"}:
                    return Decision.APPROVED
                if answer.strip().lower() in {"", "n", "no"}:
                    return Decision.REJECTED
        except OSError:  # the terminal is gone
            return Decision.WAITING

    async def _line(self) -> str | None:
        """Return a line, None if there will be none; a thread that reads could not be interrupted."""
        read = b""
        while not read.endswith(b"\n"):
            while not select.select([self.terminal], [], [], 0)[0]:
                await asyncio.sleep(POLL_S)
            more = os.read(self.terminal, 1)
            if not more:
                return None
            read += more
        return read.decode(errors="replace")
