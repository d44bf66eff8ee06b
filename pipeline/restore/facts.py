"""What the calls of a restore have to know: as a drill finds it, or as variables of a shell."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.config import Deployment
from pipeline.runbook import SHELL_NOW, variable
from stacks import names


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Values for calls, each text as it is sent.

    `former` is the table that serves while it is being restored, `restored` the one made from it.
    `restore_point` is a whole second in RFC 3339, UTC, and `at` the time of the call. A bad value is told by
    the `field` of a profile whose whole text the regular expression `pattern` matches; without a pattern all
    that was written since is good. `least_users` is the floor of the validator, its own where it is None.
    `user_id` is the one user who is put back, `version_id` that of the version which is to be overwritten,
    and `profile` what is written: a JSON object.
    """

    former: str
    restored: str
    at: str = SHELL_NOW
    restore_point: str = ""
    field: str = "email"
    pattern: str = ""
    least_users: int | None = None
    user_id: str = ""
    version_id: str = ""
    profile: str = "{}"


def name_restored(deployment: Deployment) -> str:
    """Return the line of a shell that names the restored table, so that functions may read and write it."""
    name = f"{names.restored_table(deployment.service)}-{len(deployment.tables)}"
    return f"RESTORED={name} # a name that is free, and begins so"


def in_a_shell(former: str) -> Facts:
    """Return facts for commands: each that an operator has to find is a variable of the shell."""
    return Facts(
        former=former,
        restored=variable("RESTORED"),
        restore_point=variable("RESTORE_POINT"),
        field=variable("BAD_FIELD"),
        pattern=variable("BAD_PATTERN"),
        user_id=variable("USER_ID"),
        version_id=variable("VERSION_ID"),
        profile=variable("PROFILE"),
    )
