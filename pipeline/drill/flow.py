"""What scenarios have in common: steps, an outage as a whole, and leading clients to the other Region."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.drill.step import Do, Fault, Role, Step


def work(seconds: float = 10, why: str = "Clients work.", *, least_seconds: float = 0) -> Step:
    """Let clients work, for so long at real time, and not for less than `least_seconds` at any scale."""
    return Step(do=Do.CARRY_ON, seconds=seconds, least_seconds=least_seconds, why=why)


def break_(fault: Fault, why: str, *, begins: bool = False) -> Step:
    """Break something."""
    return Step(do=Do.BREAK, fault=fault, begins_outage=begins, why=why)


def heal(fault: Fault, why: str = "What was broken is whole again.", *, ends: bool = False) -> Step:
    """Mend it."""
    return Step(do=Do.HEAL, fault=fault, ends_outage=ends, why=why)


def served(role: Role) -> Step:
    """Wait for every kind of client."""
    why = f"Every kind of client is served by the {role} Region."
    return Step(do=Do.AWAIT_SERVED, role=role, seconds=400, why=why)


HOLD = Step(
    do=Do.STOP,
    role=Role.PRIMARY,
    why="Out is automatic, back is not: nobody returns before somebody says so.",
)
BEGINNING = (served(Role.PRIMARY), work(20, "Clients work while all is well."))
CONVERGED = Step(do=Do.AWAIT_CONVERGED, seconds=300, why="All that either Region took has reached the other.")


def outage(
    fault: Fault, why: str, *, before: Sequence[Step] = (), after: Sequence[Step] = ()
) -> Sequence[Step]:
    """Break the primary Region, see every client move, hold it out, and heal it."""
    return (
        *BEGINNING,
        *before,
        break_(fault, why, begins=True),
        served(Role.SECONDARY),
        HOLD,
        work(),
        heal(fault, ends=True),
        *after,
        CONVERGED,
        work(),
    )


def move(away: Role, *, begins: bool) -> Sequence[Step]:
    """Lead clients from one Region to the other without a moment in which both take writes.

    Who comes early is refused until the two change places, who comes late from then on; so the change is half
    way between the first client that DNS can lead away and the last that may still have the old answer.
    """
    to = away.peer
    turn = Do.STOP if away is Role.PRIMARY else Do.START
    return (
        Step(do=Do.FENCE, role=to, why=f"The {to} Region refuses writes for now; nobody writes there."),
        Step(
            do=turn,
            role=Role.PRIMARY,
            begins_outage=begins,
            why=f"DNS is to lead to the {to} Region from now on.",
        ),
        Step(do=Do.AWAIT_ANSWERED, role=to, seconds=200, why="DNS does."),
        work(30, "Clients follow, each when its answer has grown old, and read what they like."),
        Step(do=Do.FENCE, role=away, why=f"The {away} Region refuses writes too."),
        Step(do=Do.AWAIT_DRAINED, role=away, seconds=60, why="What it had acknowledged is in the other."),
        Step(do=Do.UNFENCE, role=to, ends_outage=begins, why=f"The {to} Region takes writes."),
        served(to),
        Step(
            do=Do.UNFENCE, role=away, why=f"Nobody asks the {away} Region any more: it may take over again."
        ),
    )
