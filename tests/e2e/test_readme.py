"""The README's commands do what it says they do, and CI runs the ones that it names."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from functools import partial
from itertools import pairwise

import pytest

from pipeline.local.layout import ROOT
from tests.e2e.platform import Platform
from tests.github.workflow import Workflow
from tests.waiting import eventually

README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
COMMANDS = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines()]
# The answer that follows commands is that to the last of them.
ANSWERS = {
    commands.splitlines()[-1]: json.loads(answer)
    for (before, commands), (kind, answer) in pairwise(BLOCKS)
    if (before, kind) == ("sh", "json")
}
VARYING = ("timestamp", "created_at", "updated_at", "instance")


def shape(answer: object) -> object:
    """The answer with what differs from one time to the next blotted out."""
    if isinstance(answer, list):
        return [shape(item) for item in answer]
    if not isinstance(answer, dict):
        return answer
    return {key: "…" if key in VARYING else shape(value) for key, value in answer.items()}


def run(platform: Platform, line: str) -> subprocess.CompletedProcess[str]:
    """Run a line of the README on this platform instead of the one at the README's ports."""
    for offset in range(6):
        line = line.replace(f"127.0.0.1:{8080 + offset}", f"127.0.0.1:{platform.layout.port + offset}")
    line = line.replace(".local/", f"{platform.layout.state}/")
    if line.startswith("make "):
        _, target, *variables = line.split()
        line = shlex.join(platform.command(target, **dict(word.split("=", 1) for word in variables)))
    return subprocess.run(["bash", "-euo", "pipefail", "-c", line], **platform.options(), check=False)  # noqa: S603, S607


def finds_a_user(platform: Platform, line: str) -> bool:
    return "user" in json.loads(run(platform, line).stdout)


def finds_users_and_says_what_that_cost(platform: Platform, line: str) -> bool:
    answer = json.loads(run(platform, line).stdout)
    return answer["count"] > 0 and {"scanned_count", "consumed_capacity"} <= set(answer)


@pytest.mark.e2e
def test_the_commands_of_the_readme_work_in_their_order(platform: Platform) -> None:
    for line in COMMANDS:
        if line in ("make lint", "make test", "make restore-drill") or line.startswith("git push"):
            continue  # test_push.py pushes, from a clone; test_restore.py restores, on a platform of its own
        result = run(platform, line)
        assert result.returncode == 0, (line, result.stdout, result.stderr)
        if "Idempotency-Key" in line:
            assert json.loads(run(platform, line).stdout) == json.loads(result.stdout)
        if "/query" in line:  # an index is a moment behind its table
            eventually(partial(finds_users_and_says_what_that_cost, platform, line))
        elif "Somebody else" in line:
            assert json.loads(result.stdout)["status"] == 409
        elif line in ANSWERS:
            assert shape(json.loads(result.stdout)) == shape(ANSWERS[line]), line
        elif "/users/ada" in line:
            eventually(partial(finds_a_user, platform, line))


def test_each_answer_of_the_readme_follows_a_command() -> None:
    assert len(ANSWERS) == sum(kind == "json" for kind, _ in BLOCKS)


def test_ci_checks_by_the_commands_of_the_readme_and_nothing_else() -> None:
    lines = [line.strip() for line in (ROOT / ".ci/run").read_text().splitlines()]
    assert [line for line in lines if line.startswith("make ")] == ["make lint", "make test"]
    assert {"make lint", "make test"} <= set(COMMANDS)
    assert Workflow.named("ci").runs("check") == ["make lint", "make test"]


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 200


def test_every_file_that_the_readme_names_is_there() -> None:
    named = re.findall(r"`((?:[\w.]+/)*[\w.]+(?:/|\.(?:py|http|json)))`", README)
    places = [ROOT, ROOT / "pipeline", ROOT / "stacks", ROOT / "tests", ROOT / "pipeline/local/emulator"]
    assert named
    assert [name for name in named if not any((place / name).exists() for place in places)] == []
