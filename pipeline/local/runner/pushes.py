"""What the hooks of the bare repository are told of a push, and whether it may be made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.local.errors import LocalError
from pipeline.local.runner.repository import BRANCH

REF = f"refs/heads/{BRANCH}"
APPROVE = "approve"


@dataclass(frozen=True, kw_only=True)
class Pushed:
    """One ref of a push, and the commit that it leads to from now on."""

    commit: str
    ref: str


def read(lines: Iterable[str]) -> Sequence[Pushed]:
    """Return what git tells a hook, a line `<before> <after> <ref>` for each ref.

    https://git-scm.com/docs/githooks#pre-receive
    """
    words = (line.split(maxsplit=2) for line in lines if line.strip())
    return [Pushed(commit=after, ref=ref.strip()) for _, after, ref in words]


def require_branch(pushed: Sequence[Pushed]) -> None:
    """Raise LocalError unless it is the pipeline's branch, and that alone, which is pushed."""
    if others := [each.ref for each in pushed if each.ref != REF]:
        raise LocalError(
            f"The pipeline takes {BRANCH} and no other branch, not {', '.join(others)}: "
            f"git push local HEAD:{BRANCH}"
        )


def approved(variables: Mapping[str, str]) -> bool:
    """Whether the push says beforehand that its approvals are given; raises LocalError for another option."""
    count = int(variables.get("GIT_PUSH_OPTION_COUNT", "0"))
    options = {variables[f"GIT_PUSH_OPTION_{number}"] for number in range(count)}
    if unknown := options - {APPROVE}:
        raise LocalError(f"The pipeline knows the push option {APPROVE}, not {', '.join(sorted(unknown))}.")
    return APPROVE in options
