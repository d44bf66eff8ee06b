"""Phases go on in one shell, and stop where CodeBuild stops them."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pipeline.local.runner.buildspec import PHASES, BuildSpec
from pipeline.local.runner.script import script


class Ran(NamedTuple):
    status: int
    said: list[str]
    failed: str
    exported: dict[str, str]


@pytest.fixture(params=["sh", "bash"])
def shell(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def run(folder: Path, shell: str, *, exported: tuple[str, ...] = (), **phases: list[str]) -> Ran:
    failed, exports, file = folder / "it's failed", folder / "exports", folder / "build.sh"
    exports.mkdir()
    spec = BuildSpec(phases={phase: phases.get(phase, []) for phase in PHASES}, exported=exported)
    file.write_text(script(spec, failed=failed, exports=exports))
    command = [shell, str(file)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    said = [line for line in done.stdout.splitlines() if not line.startswith("[")]
    found = {path.name: path.read_text() for path in exports.iterdir()}
    return Ran(done.returncode, said, failed.read_text().strip() if failed.exists() else "", found)


def test_variables_functions_and_the_folder_last_from_the_first_command_to_the_last(
    tmp_path: Path, shell: str
) -> None:
    (tmp_path / "sub").mkdir()
    ran = run(
        tmp_path,
        shell,
        install=["A='it is one'", "cd sub", 'f() { echo f of "$1"; }'],
        pre_build=['export B="$A"'],
        build=['echo "$B"', "f build", 'basename "$PWD"'],
        post_build=['echo "$CODEBUILD_BUILD_SUCCEEDING"'],
    )
    assert ran == (0, ["it is one", "f of build", "sub", "1"], "", {})


def test_exported_variables_are_those_of_the_end_to_the_letter(tmp_path: Path, shell: str) -> None:
    value = "two\nlines  'quoted' \\n"
    ran = run(
        tmp_path,
        shell,
        exported=("VERDICT", "EMPTY", "UNSET"),
        build=["VERDICT=first; EMPTY=", f'VERDICT="{value}"'],
    )
    assert ran.exported == {"VERDICT": value, "EMPTY": ""}


@pytest.mark.parametrize("end", ["false", "exit 1", "set -e; false", "nobody-knows-this", "echo '"])
def test_a_command_that_fails_ends_its_phase_and_a_builds_end_is_still_followed(
    tmp_path: Path, shell: str, end: str
) -> None:
    ran = run(
        tmp_path,
        shell,
        exported=("A",),
        build=["A=1", end, "echo never"],
        post_build=['echo "post $CODEBUILD_BUILD_SUCCEEDING"'],
    )
    assert ran.status != 0
    assert ran.failed.startswith("build ")
    assert (ran.said, ran.exported) == (["post 0"], {})


@pytest.mark.parametrize("phase", ["install", "pre_build"])
def test_nothing_follows_a_failure_before_the_build(tmp_path: Path, shell: str, phase: str) -> None:
    failing: Any = {phase: ["(exit 3)"]}
    ran = run(tmp_path, shell, build=["echo never"], post_build=["echo never"], **failing)
    assert ran == (3, [], f"{phase} 3", {})


def test_a_failure_after_the_build_is_one_too(tmp_path: Path, shell: str) -> None:
    assert run(tmp_path, shell, build=["true"], post_build=["(exit 4)"]).failed == "post_build 4"


def test_what_follows_a_failed_build_does_not_hide_it(tmp_path: Path, shell: str) -> None:
    ran = run(tmp_path, shell, build=["(exit 5)"], post_build=["exit 0"])
    assert ran.failed == "build 5"


def test_to_leave_early_without_an_error_passes_no_gate(tmp_path: Path, shell: str) -> None:
    assert run(tmp_path, shell, install=["exit 0"], build=["false"]).failed == "install 0"
