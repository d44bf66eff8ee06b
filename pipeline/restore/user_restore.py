"""The steps by which one user is put back from its history, without a restore of the table."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.drill.step import Role
from pipeline.restore.step import Do, Step, Who


def _compare(role: Role) -> Step:
    """Read the user in one Region."""
    return Step(
        do=Do.COMPARE,
        why=f"The {role} Region shows the user as before the bad write.",
        who=Who.ON_CALL,
        role=role,
        seconds=60,
        verify="The profile is that of the good version, and `version` is one more than the bad one's.",
        back="Put the version back that was there: no version is ever lost.",
    )


STEPS: Sequence[Step] = (
    Step(do=Do.CARRY_ON, why="Clients work while all is well.", who=Who.NOBODY, seconds=10),
    Step(
        do=Do.REWRITE,
        why="A bad write overwrites the profile of one user.",
        who=Who.NOBODY,
        seconds=60,
        begins_outage=True,
    ),
    Step(do=Do.CARRY_ON, why="Clients write on, to other users.", who=Who.NOBODY, seconds=5),
    Step(
        do=Do.FIND,
        why="The history of the user shows the bad version, and the good one before it.",
        who=Who.ON_CALL,
        seconds=60,
        verify=(
            "`versions` begins with the newest: its `version_id` is what is to be overwritten. The good "
            "version is one below it, with another `version_id`."
        ),
        back="Nothing was changed.",
    ),
    Step(
        do=Do.PUT_BACK,
        why="The good profile is written as a new version, if nobody has written in between.",
        who=Who.ON_CALL,
        seconds=60,
        ends_outage=True,
        verify=(
            "The answer is 200. After 412 somebody has written since: read the history again. After 409 the "
            "email is another user's by now: ask both."
        ),
        back="Put the version back that was there: no version is ever lost.",
    ),
    _compare(Role.PRIMARY),
    _compare(Role.SECONDARY),
    Step(do=Do.CARRY_ON, why="Clients work.", who=Who.NOBODY, seconds=5),
)
