"""The workflows may do what they must, and nothing of what somebody sends them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pipeline.config import BETA
from pipeline.delivery import PIPELINE
from pipeline.drill.aws.scenarios import AWS_SCENARIOS
from pipeline.drill.aws.venue import AwsVenue
from pipeline.local.layout import ROOT
from tests.github.workflow import Workflow, every, faults

RIGHTS: Mapping[str, Mapping[str, str]] = {
    "ci check": {"contents": "read"},
    "ci locks": {"contents": "read"},
    "ci difference": {"contents": "read"},
    "ci comment": {"pull-requests": "write"},
    "drill drill": {"contents": "read", "id-token": "write"},
}
CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"


def position(steps: list[str], begin: str) -> int:
    (found,) = [index for index, step in enumerate(steps) if step.startswith(begin)]
    return found


@pytest.mark.parametrize("name", every())
def test_a_workflow_has_no_fault(name: str) -> None:
    assert list(faults(Workflow.named(name))) == []


@pytest.mark.parametrize(
    ("sound", "planted", "fault"),
    [
        ("  pull_request:", "  pull_request_target:", "runs for strangers"),
        ("permissions: {}", "permissions: write-all", "has rights in all its jobs"),
        (CHECKOUT, "actions/checkout@v7", "not pinned"),
        (CHECKOUT, CHECKOUT.partition(" ")[0], "not pinned"),
        ("    timeout-minutes: 60\n", "", "check does not say"),
        ("persist-credentials: false", "persist-credentials: true", "keeps a token"),
        ("run: make lock", "run: echo ${{ github.event.pull_request.title }}", "has GitHub write its shell"),
        ("run: make lock", "run: make lock; curl example.com", "has shell of its own"),
        ("run: make lock", "run: 'make lock\n\n          true'", "has shell of its own"),
    ],
)
def test_a_fault_would_be_found(sound: str, planted: str, fault: str) -> None:
    text = Workflow.named("ci").text
    assert sound in text
    assert fault in "\n".join(faults(Workflow(text=text.replace(sound, planted))))


def test_each_job_has_the_rights_that_it_needs() -> None:
    found = {f"{name} {job}": it["permissions"] for name, w in every().items() for job, it in w.jobs.items()}
    assert found == RIGHTS


def test_what_runs_a_strangers_code_can_write_nothing() -> None:
    ci = Workflow.named("ci")
    for job in ("check", "locks", "difference"):
        assert set(ci.jobs[job]["permissions"].values()) == {"read"}
        assert "token" not in str(ci.steps(job)).lower()


def test_what_may_comment_runs_nothing_that_a_pull_request_brings() -> None:
    job = Workflow.named("ci").jobs["comment"]
    assert job["if"] == "github.event.pull_request.head.repo.full_name == github.repository"
    taken, said = job["steps"]
    assert taken["uses"].startswith("actions/download-artifact@")
    assert said["run"].startswith('gh pr comment "$NUMBER" ')
    assert said["env"]["NUMBER"] == "${{ github.event.pull_request.number }}"


def test_the_difference_is_between_the_merge_and_its_base() -> None:
    ci = Workflow.named("ci")
    assert ci.steps("difference")[0]["with"]["fetch-depth"] == 2
    assert ci.runs("difference")[:3] == [
        "git worktree add .build/base HEAD^1",
        "make -C .build/base synth",
        "make synth",
    ]


def test_a_drill_is_held_every_week_or_by_hand_and_never_two_at_once() -> None:
    drill = Workflow.named("drill").content
    asked = drill[True]["workflow_dispatch"]["inputs"]["scenario"]
    assert (asked["type"], asked["options"]) == ("choice", list(AWS_SCENARIOS))
    assert asked["default"] == AwsVenue(deployment=BETA).usual
    (when,) = drill[True]["schedule"]
    assert when["cron"].split()[2:4] == ["*", "*"]
    assert when["cron"].split()[4].isdigit()
    assert drill["concurrency"] == {"group": "drill-beta", "cancel-in-progress": False}


def test_a_drill_is_let_in_by_its_environment_and_without_a_secret() -> None:
    drill = Workflow.named("drill")
    assert drill.jobs["drill"]["environment"] == BETA.name
    assert "secrets." not in drill.text
    (entry,) = [s["with"] for s in drill.steps("drill") if "credentials@" in s.get("uses", "")]
    assert entry["role-to-assume"] == "${{ vars.DRILL_ROLE_ARN }}"
    assert entry["role-duration-seconds"] > 60 * drill.jobs["drill"]["timeout-minutes"]


def test_a_drill_holds_the_deployment_until_it_has_ended_however_it_ends() -> None:
    steps = Workflow.named("drill").steps("drill")
    runs = [step.get("run", "").removeprefix(".venv/bin/python -m pipeline.") for step in steps]
    held, drilled, released = (position(runs, begin) for begin in ("gate hold", "drill run", "gate release"))
    assert held < drilled < released
    assert steps[held]["env"] == steps[released]["env"]
    assert steps[released]["if"].startswith("always()")
    assert "continue-on-error" not in steps[drilled]
    assert steps[-1]["if"] == "always()"


def test_the_issue_templates_name_the_repository_that_is_deployed() -> None:
    assert PIPELINE.repository in (ROOT / ".github/ISSUE_TEMPLATE/config.yml").read_text()
    assert f"* @{PIPELINE.repository.partition('/')[0]}\n" in (ROOT / ".github/CODEOWNERS").read_text()
