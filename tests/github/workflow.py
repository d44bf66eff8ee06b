"""A workflow as GitHub reads it, and what would be wrong with one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from pipeline.local.layout import ROOT

FOLDER = ROOT / ".github/workflows"
PINNED = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
# What shell there is calls something that has tests of its own.
COMMAND = re.compile(
    r"make [\w ./-]+|\.venv/bin/python -m pipeline\.[^|;&`]+|python pipeline/local/install\.py \w+|"
    r"git (diff|worktree) [^|;&`]+|gh pr comment [^|;&`]+|cat [\w./]+ >> \"\$GITHUB_STEP_SUMMARY\""
)
# These run with the rights of this repository for what somebody else wrote.
FOR_STRANGERS = {"pull_request_target", "workflow_run", "issue_comment"}


@dataclass(frozen=True, kw_only=True)
class Workflow:
    """One workflow: its text, and what is in it."""

    text: str

    @classmethod
    def named(cls, name: str) -> Workflow:
        """The one of a file."""
        return cls(text=(FOLDER / f"{name}.yml").read_text())

    @property
    def content(self) -> Mapping[Any, Any]:
        """All of it as plain data; `on` is a truth value in YAML 1.1, and its key is True."""
        content: Mapping[Any, Any] = yaml.safe_load(self.text)
        return content

    @property
    def jobs(self) -> Mapping[str, Mapping[str, Any]]:
        """The jobs by name."""
        jobs: Mapping[str, Mapping[str, Any]] = self.content["jobs"]
        return jobs

    def steps(self, job: str) -> Sequence[Mapping[str, Any]]:
        """The steps of a job."""
        steps: Sequence[Mapping[str, Any]] = self.jobs[job]["steps"]
        return steps

    def runs(self, job: str) -> Sequence[str]:
        """The shell of a job, step by step."""
        return [step["run"] for step in self.steps(job) if "run" in step]


def every() -> Mapping[str, Workflow]:
    """All workflows by name."""
    return {path.stem: Workflow.named(path.stem) for path in Path(FOLDER).glob("*.yml")}


def faults(workflow: Workflow) -> Iterator[str]:
    """Yield what somebody could abuse, and what would not be looked after."""
    triggers = workflow.content[True]
    if found := FOR_STRANGERS & set(triggers):
        yield f"runs for strangers on {', '.join(found)}"
    if workflow.content.get("permissions") != {}:
        yield "has rights in all its jobs"
    for line in workflow.text.splitlines():
        if "uses:" in line and not PINNED.search(line):
            yield f"not pinned: {line.strip()}"
    for name, job in workflow.jobs.items():
        yield from (f"{name} {fault}" for fault in _faults_of_job(job))


def _faults_of_job(job: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with one job."""
    if "permissions" not in job or "timeout-minutes" not in job:
        yield "does not say what it may, or how long"
    for step in job["steps"]:
        if "checkout@" in step.get("uses", "") and step["with"].get("persist-credentials") is not False:
            yield "keeps a token on the disk"
        if "${{" in step.get("run", ""):
            yield f"has GitHub write its shell: {step['run']}"
        elif not COMMAND.fullmatch(step.get("run", "make lint")):
            yield f"has shell of its own: {step['run']}"
