"""What must hold after a restore, beside what must hold after every drill."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Repaired(StrEnum):
    """By the name under which its violations are listed."""

    LOST_USER = "lost-user"
    UNREPAIRED = "unrepaired-user"
    BAD_VALUE = "bad-value"
    TOUCHED = "touched-row"
    CONFLICT = "replay-conflict"
    VALIDATOR = "validator"
    STATE = "restored-state"


MEANINGS: Mapping[StrEnum, str] = {
    Repaired.LOST_USER: "A user, or a version of one, was there before and is missing.",
    Repaired.UNREPAIRED: "A user who was damaged is not as before.",
    Repaired.BAD_VALUE: "A row holds what the bad write wrote.",
    Repaired.TOUCHED: "A row changed that nobody had asked to change.",
    Repaired.CONFLICT: "A write could not be taken over into the restored table.",
    Repaired.VALIDATOR: "The validator did not tell a sound table from a broken one.",
    Repaired.STATE: "The restored table was not that of the restore point, before anything was replayed.",
}
