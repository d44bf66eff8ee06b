"""A push is what git tells its hooks; only the pipeline's branch and one option are taken."""

from __future__ import annotations

import pytest

from pipeline.local.errors import LocalError
from pipeline.local.runner import pushes
from pipeline.local.runner.pushes import REF, Pushed


def test_each_line_is_a_ref_and_the_commit_that_it_leads_to() -> None:
    lines = [f"{'0' * 40} {'a' * 40} {REF}\n", "\n", f"{'1' * 40} {'b' * 40} refs/tags/v1\n"]
    assert pushes.read(lines) == [
        Pushed(commit="a" * 40, ref="refs/heads/main"),
        Pushed(commit="b" * 40, ref="refs/tags/v1"),
    ]


def test_the_branch_alone_may_be_pushed() -> None:
    pushes.require_branch([Pushed(commit="a", ref=REF)])


@pytest.mark.parametrize("ref", ["refs/heads/topic", "refs/tags/main", "refs/heads/main2"])
def test_another_ref_is_refused_though_the_branch_comes_with_it(ref: str) -> None:
    with pytest.raises(LocalError, match=f"takes main and no other branch, not {ref}: git push local"):
        pushes.require_branch([Pushed(commit="a", ref=REF), Pushed(commit="a", ref=ref)])


def options(*given: str) -> dict[str, str]:
    """What git puts into a hook's environment (https://git-scm.com/docs/githooks#pre-receive)."""
    numbered = {f"GIT_PUSH_OPTION_{number}": option for number, option in enumerate(given)}
    return {"GIT_PUSH_OPTION_COUNT": str(len(given)), **numbered}


@pytest.mark.parametrize(
    ("variables", "approved"),
    [({}, False), (options(), False), (options("approve"), True), (options("approve", "approve"), True)],
)
def test_approvals_are_given_beforehand_by_the_option_alone(
    variables: dict[str, str], approved: bool
) -> None:
    assert pushes.approved(variables) is approved


def test_an_option_beyond_the_count_is_none_of_this_push() -> None:
    assert not pushes.approved({**options("approve"), "GIT_PUSH_OPTION_COUNT": "0"})


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(LocalError, match=r"knows the push option approve, not aprove\."):
        pushes.approved(options("approve", "aprove"))
