"""What `--dry-run` prints of a drill on AWS."""

from __future__ import annotations

import json
import socket
import subprocess
from typing import NoReturn

import pytest

from pipeline.config import BETA, PROD
from pipeline.drill.aws.plan import aws_plan
from pipeline.drill.aws.rights import policy
from pipeline.drill.aws.scenarios import AWS_SCENARIOS
from pipeline.drill.faults import FaultError
from pipeline.drill.scenario import Scenario
from pipeline.drill.scenarios import named

ALL = pytest.mark.parametrize("scenario", AWS_SCENARIOS.values(), ids=lambda each: str(each.name))
# Answers what a look-up finds, and prints the arguments of whatever is sent.
AWS = 'aws() { case "$2" in list-*) echo FOUND-$2;; *) printf "%s\\n" "$*";; esac; }; '


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise AssertionError("a plan calls nobody")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@ALL
def test_each_step_is_told_and_what_is_not_tested(scenario: Scenario) -> None:
    lines = aws_plan(scenario, BETA)
    for number, step in enumerate(scenario.steps, start=1):
        assert any(
            line.startswith(f"# {number}/{len(scenario.steps)} {step.do}: {step.why}") for line in lines
        )
    for each in scenario.not_tested:
        assert f"#   {each}" in lines


@ALL
def test_a_shell_takes_all_of_it_and_sends_just_the_calls(scenario: Scenario) -> None:
    script = AWS + "\n" + "\n".join(aws_plan(scenario, BETA))
    result = subprocess.run(["/bin/sh", "-euc", script], capture_output=True, text=True, check=True)  # noqa: S603 - the plan under test, with `aws` replaced
    sent = [line.split()[:2] for line in result.stdout.splitlines()]
    started = sum(step.do == "break" for step in scenario.steps)
    assert sent.count(["fis", "start-experiment"]) == sent.count(["fis", "stop-experiment"]) == started
    assert sent[-2:] == [["cloudwatch", "put-metric-data"]] * 2
    for line in result.stdout.splitlines():
        json.loads(line.split("--cli-input-json ")[1])
    if started:
        assert '"experimentTemplateId":"FOUND-list-experiment-templates"' in result.stdout
        assert '"id":"FOUND-list-experiments"' in result.stdout


def test_the_rights_are_a_policy_that_can_be_copied() -> None:
    lines = list(aws_plan(AWS_SCENARIOS["api-outage"], BETA))
    text = "\n".join(line.removeprefix("# ") for line in lines[lines.index("# {") :])
    assert json.loads(text) == json.loads(json.dumps(policy(BETA)))


def test_it_says_that_it_has_not_been_run_there_and_when_each_experiment_ends() -> None:
    head = "\n".join(aws_plan(AWS_SCENARIOS["api-outage"], BETA)[:3])
    assert "Not yet run there" in head
    assert "after 20 minutes" in head


def test_what_cannot_be_done_has_no_plan() -> None:
    with pytest.raises(FaultError, match="cannot be had on AWS"):
        aws_plan(named("region-outage"), BETA)
    with pytest.raises(FaultError, match="prod is not to be drilled"):
        aws_plan(AWS_SCENARIOS["api-outage"], PROD)
