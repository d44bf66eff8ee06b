"""The profile that an operator puts back: the shell takes it out of the history as it was."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import PROD
from pipeline.restore import history
from pipeline.restore.facts import in_a_shell
from pipeline.restore.requests import requests
from pipeline.restore.scenarios import named
from pipeline.restore.step import Do

VERSIONS = [
    {"version_id": "3#eu-west-1", "version": 3, "name": "O'Brien", "email": "x@rewritten.invalid", "age": 36},
    {
        "version_id": "2#eu-west-1",
        "version": 2,
        "name": "O'Brien",
        "email": "ö@example.com",
        "age": 36,
        "phone": "1",
    },
]


def profile(tmp_path: Path, good: str) -> Any:  # noqa: ANN401 - JSON
    """Return what the lines of the runbook make of a history that a stand-in for curl answers."""
    answer = tmp_path / "history.json"
    answer.write_text(json.dumps({"user_id": "ada", "versions": VERSIONS}), encoding="utf-8")
    (step,) = [step for step in named("user-restore").steps if step.do is Do.FIND]
    (asked,) = requests(step, PROD, in_a_shell("users-prod"))
    _by_hand, lines = history.blocks(asked)
    taken = "\n".join(lines)
    script = f'set -eu; curl() {{ cat {answer}; }}; python3() {{ "{sys.executable}" "$@"; }}\n{taken}'
    run = subprocess.run(  # noqa: S603 - lines of the runbook
        ["/bin/sh", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", "USER_ID": "ada", "GOOD": good},
    )
    return json.loads(run.stdout)


def test_it_is_that_of_the_good_version_and_nothing_else(tmp_path: Path) -> None:
    assert profile(tmp_path, "2#eu-west-1") == {
        "name": "O'Brien",
        "email": "ö@example.com",
        "age": 36,
        "phone": "1",
        "address": None,
    }


def test_what_is_typed_is_a_block_of_its_own() -> None:
    (step,) = [step for step in named("user-restore").steps if step.do is Do.FIND]
    (asked,) = requests(step, PROD, in_a_shell("users-prod"))
    by_hand, taken = history.blocks(asked)
    assert [line.partition("=")[0] for line in by_hand] == ["VERSION_ID", "GOOD"]
    assert not [line for line in taken if re.match(r"[A-Z_]+= ", line)]


def test_what_the_good_version_lacked_is_removed(tmp_path: Path) -> None:
    assert profile(tmp_path, "3#eu-west-1")["phone"] is None


@pytest.mark.parametrize("good", ["", "9#eu-west-1"])
def test_a_version_that_is_not_there_gives_no_profile(tmp_path: Path, good: str) -> None:
    with pytest.raises(subprocess.CalledProcessError, match="returned non-zero exit status"):
        profile(tmp_path, good)
