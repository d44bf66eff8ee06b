"""The steps by which a table is restored to the second before a bad write, while clients write on."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.drill.step import Role
from pipeline.restore import table_copy
from pipeline.restore.step import Do, Step, Who

PRIMARY, SECONDARY = Role.PRIMARY, Role.SECONDARY

DAMAGE = (
    Step(do=Do.CARRY_ON, why="Clients work while all is well.", who=Who.NOBODY, seconds=15),
    Step(
        do=Do.CORRUPT,
        why="A bad deploy rewrites the emails of a third of the users, and a script deletes another third.",
        who=Who.NOBODY,
        seconds=300,
        begins_outage=True,
    ),
    Step(do=Do.CARRY_ON, why="Clients write on, to damaged users too.", who=Who.NOBODY, seconds=10),
)


def _fence(role: Role) -> Step:
    """Refuse writes in a Region, in both tables."""
    return Step(
        do=Do.FENCE,
        why=f"The {role} Region refuses writes, in the table that serves and in the restored one.",
        who=Who.LEAD,
        role=role,
        seconds=60,
        verify="After 5 s a PUT to any user there is answered 503 with `Retry-After`; reads go on.",
        back="Unfence the table that serves, in both Regions: write `active` in place of `fenced`.",
    )


def _drained(role: Role) -> Step:
    """Wait until what a Region acknowledged is in the other."""
    return Step(
        do=Do.AWAIT_DRAINED,
        why=f"What the {role} Region had acknowledged is in the other; functions that ran have ended.",
        who=Who.ON_CALL,
        role=role,
        seconds=90,
        verify="20 s after the fences, the other Region answers with the row that was just written.",
        back="Unfence the table that serves, in both Regions.",
    )


def _unfence(role: Role) -> Step:
    """Take writes in a Region again."""
    return Step(
        do=Do.UNFENCE,
        why=f"The {role} Region takes writes, in the restored table. The former one stays fenced.",
        who=Who.LEAD,
        role=role,
        seconds=60,
        verify="After 5 s a PUT to any user there is acknowledged.",
        back="Fence the restored table again.",
    )


CHANGE = (
    _fence(PRIMARY),
    _fence(SECONDARY),
    _drained(PRIMARY),
    _drained(SECONDARY),
    Step(
        do=Do.REPLAY,
        why="What was acknowledged since the restore point, and is good, comes into the restored table.",
        who=Who.ON_CALL,
        role=PRIMARY,
        seconds=900,
        verify=(
            "`conflicts` is empty, and a second call replays 0. It may be called again at any time, also "
            "after one that ran out of time."
        ),
        back="Unfence the table that serves, in both Regions: it was only read.",
    ),
    Step(
        do=Do.VERIFY,
        why="With that it is still sound.",
        who=Who.ON_CALL,
        role=PRIMARY,
        seconds=900,
        verify="`status` is `SUCCESSFUL`.",
        back="Unfence the table that serves, in both Regions, and look into the findings without haste.",
    ),
    Step(
        do=Do.AWAIT_CONVERGED,
        why="The replica of the restored table has all that was replayed: no Region is to serve less.",
        who=Who.ON_CALL,
        seconds=300,
        verify="Each Region answers with the row that was just written in the other.",
        back="Unfence the table that serves, in both Regions, and look into the replication without haste.",
    ),
    Step(
        do=Do.CUT_OVER,
        why="Both Regions are deployed with the restored table as the one that serves.",
        who=Who.RELEASER,
        seconds=900,
        verify=(
            "All three deploys have ended without an error, both Regions' stacks are `UPDATE_COMPLETE`, and "
            "GET of a repaired user shows the good value. After one that failed the next are not begun: mend "
            "what it says, and send the same lines again."
        ),
        back=(
            "Fence the restored table in both Regions, deploy again with the former one last in "
            "`USERS_TABLES`, and unfence that. What the restored one acknowledged since must then be "
            "replayed the other way round."
        ),
    ),
)
WHOLE = (
    _unfence(PRIMARY),
    _unfence(SECONDARY),
    Step(
        do=Do.AWAIT_SERVED,
        why="Every kind of client is acknowledged again.",
        who=Who.ON_CALL,
        role=PRIMARY,
        seconds=400,
        ends_outage=True,
        verify="The health of the API is `ok`, its 5xx alarms are quiet, and writes are acknowledged.",
        back="Fence the restored table, and go back as from the cut over.",
    ),
    Step(
        do=Do.AWAIT_CONVERGED,
        why="Both Regions hold the same.",
        who=Who.ON_CALL,
        seconds=300,
        verify="Each Region answers with the row that was just written in the other.",
        back="Nothing is to be undone: replication goes on by itself.",
    ),
    Step(
        do=Do.VERIFY,
        why="The replica of the secondary Region is sound.",
        who=Who.ON_CALL,
        role=SECONDARY,
        seconds=900,
        verify="`status` is `SUCCESSFUL`, and `users` is what the primary Region has.",
        back="Nothing is to be undone. Ask again: replication may still be at work.",
    ),
    Step(do=Do.CARRY_ON, why="Clients work.", who=Who.NOBODY, seconds=10),
)
STEPS: Sequence[Step] = (*DAMAGE, *table_copy.STEPS, *CHANGE, *WHOLE)
