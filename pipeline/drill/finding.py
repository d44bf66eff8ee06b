"""What the verdict found: a sentence, and the ids by which a reader can look it up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Invariant(StrEnum):
    """What must hold, by the name under which its violations are listed."""

    LOST = "lost-write"
    LOST_OUTSIDE = "lost-outside-window"
    PHANTOM = "phantom"
    ALTERED = "altered"
    TWICE = "written-twice"
    RESURRECTED = "resurrected-user"
    CLAIMS = "claims"
    ONE_KEY = "one-key-one-user"
    RECORDED = "current-recorded"
    SEQUENCE = "sequence"
    FORK = "fork"
    TWO_WRITERS = "two-writers"
    CONVERGENCE = "convergence"
    CONTROL_PLANE = "control-plane"
    HELD = "held-write"


class Severity(StrEnum):
    """A violation fails the drill; a note is reported, and only an objective may fail for it."""

    VIOLATION = "violation"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One departure from an invariant; `evidence` has ids, of attempts, writes, users, versions or rows.

    The invariant is one of those above, or one that only another kind of drill has.
    """

    invariant: StrEnum
    sentence: str
    evidence: tuple[str, ...]
    severity: Severity = Severity.VIOLATION
