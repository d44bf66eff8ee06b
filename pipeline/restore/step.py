"""What a restore is made of: steps, each with who takes it, how to see that it worked, and how to go back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.drill.step import Role


class Do(StrEnum):
    """What a step does, or what it waits for."""

    CARRY_ON = "carry-on"  # let the clients work for `seconds`
    CORRUPT = "corrupt"  # a bad deploy rewrites users, and a script deletes others
    NOTE = "note"  # the second before the first bad write, and what tells a bad value
    RESTORE = "restore"  # make a table of the state of that second
    AWAIT_RESTORED = "await-restored"
    SETTINGS = "settings"  # set what a restore, or a new replica, comes without
    REPLICATE = "replicate"  # make the replica in the other Region
    AWAIT_REPLICATED = "await-replicated"
    VERIFY = "verify"  # have the validator look at the restored table
    FENCE = "fence"  # refuse writes in a Region, in both tables, and wait until each function has noticed
    AWAIT_DRAINED = "await-drained"  # all that a Region acknowledged has arrived in the other
    REPLAY = "replay"  # take over what was acknowledged since the restore point, and is good
    CUT_OVER = "cut-over"  # deploy with the restored table as the one that serves
    UNFENCE = "unfence"  # take writes in a Region, in the restored table alone
    AWAIT_SERVED = "await-served"  # every kind of client is acknowledged
    AWAIT_CONVERGED = "await-converged"  # both Regions hold the same
    REWRITE = "rewrite"  # a bad write overwrites one user
    FIND = "find"  # read the history of that user
    PUT_BACK = "put-back"  # write an older version of the user as a new one
    COMPARE = "compare"  # read the user in both Regions


class Who(StrEnum):
    """Who takes a step."""

    ON_CALL = "on call"
    LEAD = "incident lead"
    RELEASER = "whoever released"
    NOBODY = "the drill alone"  # it happens by itself when it is no drill


WITH_ROLE = frozenset(
    {
        Do.RESTORE,
        Do.AWAIT_RESTORED,
        Do.SETTINGS,
        Do.REPLICATE,
        Do.AWAIT_REPLICATED,
        Do.VERIFY,
        Do.FENCE,
        Do.AWAIT_DRAINED,
        Do.REPLAY,
        Do.UNFENCE,
        Do.AWAIT_SERVED,
        Do.COMPARE,
    }
)
# Steps that only a drill takes: an operator finds the damage done, and clients work without being told to.
DRILL_ONLY = frozenset({Do.CARRY_ON, Do.CORRUPT, Do.REWRITE})


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step; `why` is a sentence for the report, `verify` and `back` are sentences for the runbook.

    `role` is the Region to which its calls are sent, and `who` takes it. `seconds` is how long CARRY_ON
    lasts, and of any other step how long it may take at the most, both at real time. `verify` says how one
    sees that it worked, `back` how to undo it. `begins_outage` marks the step that does the damage,
    `ends_outage` the one after which the service is whole again.

    Raises ValueError for a step that lacks what it acts on, or that somebody could not take.
    """

    do: Do
    why: str
    who: Who
    role: Role | None = None
    seconds: float = 0
    verify: str = ""
    back: str = ""
    begins_outage: bool = False
    ends_outage: bool = False

    def __post_init__(self) -> None:
        """Refuse a step without its Region, without an end, or without what an operator has to know."""
        if (self.do in WITH_ROLE) is not (self.role is not None):
            has = "must have a role" if self.do in WITH_ROLE else "has no role"
            raise ValueError(f"A step that does {self.do} {has}.")
        if self.seconds <= 0:
            raise ValueError(f"A step that does {self.do} must say how many seconds it may take.")
        if (self.do in DRILL_ONLY) is not (self.who is Who.NOBODY):
            takes = "nobody but the drill" if self.do in DRILL_ONLY else "somebody"
            raise ValueError(f"A step that does {self.do} is taken by {takes}.")
        if self.who is not Who.NOBODY and not (self.verify and self.back):
            raise ValueError(f"A step that does {self.do} must say how to verify it, and how to go back.")
