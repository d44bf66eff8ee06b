"""The runbook in the repository: what the scenarios say today, as a shell would run it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.config import PROD
from pipeline.restore import failover, runbook
from pipeline.restore.scenarios import SCENARIOS
from tests.pipeline.restore.sending import commands_of

PAGE = runbook.page(PROD)
VARIABLES = {
    "RESTORED": "users-prod-restored-1",
    "RESTORE_POINT": "2030-01-01T11:59:59Z",
    "BAD_FIELD": "email",
    "BAD_PATTERN": ".*@rewritten[.]invalid",
    "USER_ID": "ada",
    "VERSION_ID": "2030-01-01T12:00:00.000000Z#eu-west-1",
    "GOOD": "2030-01-01T11:00:00.000000Z#eu-west-1",
    "PROFILE": '{"name":"Ada"}',
    "RECOVERY_POINT": "arn:aws:backup:eu-west-1:222222222222:recovery-point:1",
    "JOB": "1",
}
BLOCKS = re.findall(r"^```sh\n(.*?)\n```$", PAGE, flags=re.MULTILINE | re.DOTALL)
STEPS = [step for scenario in SCENARIOS.values() for step in scenario.operators_steps]


def sent(block: str) -> Sequence[Sequence[str]]:
    """Return the commands of a block, but for those that set variables, and for waiting."""
    lines = [line for line in block.splitlines() if not re.match(r"[A-Z_]+=|sleep |echo ", line)]
    return commands_of(lines, VARIABLES)


def option(words: Sequence[str], name: str) -> str:
    return words[words.index(name) + 1]


def test_the_file_is_what_the_scenarios_say() -> None:
    assert runbook.FILE.read_text(encoding="utf-8") == PAGE, "Run python -m pipeline.restore.runbook."


def test_a_file_of_other_scenarios_would_be_found() -> None:
    assert runbook.page(replace(PROD, table_name="users-prod-restored-1")) != PAGE


def test_it_has_every_step_of_an_operator_in_its_order() -> None:
    told = [step.why for step in STEPS]
    told += [step.why for name, *_ in failover.PLANNED for step in failover.steps_of(name)]
    found = re.findall(r"^### \d+\. (.*)$", PAGE, flags=re.MULTILINE)
    assert [each for each in found if each in told] == told


def test_nothing_that_only_a_drill_does_is_told() -> None:
    for step in (step for scenario in SCENARIOS.values() for step in scenario.steps if step not in STEPS):
        assert step.why not in PAGE


def test_each_step_says_who_how_to_see_and_how_to_go_back() -> None:
    steps = PAGE.count("\n### ") - PAGE.count("\n### Not covered") - PAGE.count("\n### Afterwards")
    assert (
        PAGE.count("\nWho: ") == PAGE.count("\n- It worked if: ") == PAGE.count("\n- To go back: ") == steps
    )


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: str(block.splitlines()[0][:60]))
def test_a_shell_runs_each_block_and_leaves_no_variable_unfilled(block: str) -> None:
    for words in sent(block):
        assert words[0] in ("aws", "curl", "cdk", "dig")
        assert not [word for word in words if "${" in word]
        assert words[0] != "aws" or "--region" in words


def test_a_variable_that_was_not_set_stops_the_shell() -> None:
    (restore,) = [block for block in BLOCKS if "restore-table-to-point-in-time" in block]
    with pytest.raises(subprocess.CalledProcessError):
        commands_of(restore.splitlines(), {})


def test_a_table_that_changes_is_waited_for() -> None:
    updates = 0
    for block in BLOCKS:
        lines = sent(block)
        for at, line in enumerate(lines):
            if line[1:3] == ["dynamodb", "update-table"]:
                updates += 1
                table = json.loads(option(line, "--cli-input-json"))["TableName"]
                wait = lines[at + 1]
                assert wait[1:4] == ["dynamodb", "wait", "table-exists"]
                assert (option(wait, "--region"), wait[-1]) == (option(line, "--region"), table)
    assert updates


def typed_and_used(block: str) -> Sequence[str]:
    """Return the variables of a block that are to be typed, and that the same block uses."""
    typed = re.findall(r"^([A-Z_]+)= #", block, flags=re.MULTILINE)
    return [name for name in typed if f"${{{name}}}" in block]


def test_no_block_uses_what_is_to_be_typed_into_it() -> None:
    assert any(re.search(r"^[A-Z_]+= #", block, flags=re.MULTILINE) for block in BLOCKS)
    assert not [found for block in BLOCKS for found in typed_and_used(block)]


def test_a_block_that_is_pasted_before_it_is_filled_in_would_be_found() -> None:
    assert typed_and_used('GOOD= # the good one\necho "${GOOD}"') == ["GOOD"]


def test_a_checkout_of_what_serves_is_made_before_a_cut_over_and_only_there() -> None:
    sections = PAGE.split("\n## ")
    for section in sections[1:]:
        before = section.partition("### 1. ")[0]
        cuts_over = "cdk deploy" in section or "go on as in the table restore" in section
        assert ("git switch --detach" in before) is cuts_over
        assert ("pipeline/local/install.py infra node" in before) is cuts_over


def test_releases_are_put_back_by_a_step_of_its_own_whether_the_deploys_succeeded_or_not() -> None:
    at = next(number for number, block in enumerate(BLOCKS) if "cdk deploy" in block)
    assert "AllAtOnce false" in BLOCKS[at - 1]
    assert "Canary10Percent10Minutes true" in BLOCKS[at + 1]
    assert "releases" not in BLOCKS[at]
    between = PAGE[PAGE.index(BLOCKS[at]) : PAGE.index("Canary10Percent10Minutes true")]
    assert re.search(r"^### \d+\. .* whether the deploys succeeded or not\.$", between, flags=re.MULTILINE)


def test_who_is_told_to_delete_a_table_is_told_when_that_is_refused() -> None:
    told = [line for line in PAGE.splitlines() if "delete it later" in line]
    assert told
    assert all("within 24 hours" in line for line in told)


def test_no_figure_of_a_drill_grows_old_in_it() -> None:
    assert not re.search(r"\d+ (?:s|min|minutes|rows) in (?:the|a) drill|RTO|RPO", PAGE)


def test_it_is_written_where_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "runbook.md"
    runbook.write(file)
    assert capsys.readouterr().out == f"{file}\n"
    assert file.read_text(encoding="utf-8") == PAGE
