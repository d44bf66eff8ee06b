"""A project is built as CodeBuild builds it, with the shell of this machine."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.local.runner import build_environment, builds
from pipeline.local.runner.action import ActionFailed, Work
from pipeline.local.runner.checkout import Checkout
from pipeline.local.runner.definition import Action, Project
from pipeline.local.runner.source import COMMIT
from tests.pipeline.local.processes import runs
from tests.pipeline.local.runner.commits import Commits, files
from tests.pipeline.local.runner.works import action, work
from tests.waiting import eventually


class Builds:
    """A project, and what an action makes of it."""

    def __init__(self, tmp_path: Path) -> None:
        self.spec: dict[str, Any] = {"version": "0.2", "phases": {}}
        self.variables = {"OF": "project", "LESS": "project"}
        self.file, self.minutes = "", 5
        self.work: Work = work(tmp_path, projects={})
        commits = Commits(tmp_path)
        self.commit = commits.commit({"a": "1"})
        self._shared = Checkout(commits.repository, tmp_path / "checkout")
        self.checkout = tmp_path / "checkout"
        self.artifact("Source", {COMMIT: json.dumps({"commit": self.commit})})

    def artifact(self, name: str, content: dict[str, str]) -> Path:
        folder = self.work.artifact(name)
        folder.mkdir(parents=True)
        for file, text in content.items():
            (folder / file).write_text(text)
        return folder

    def commands(self, *commands: str, **phases: list[str]) -> Builds:
        self.spec["phases"] = {"build": {"commands": list(commands)}} | {
            phase: {"commands": each} for phase, each in phases.items()
        }
        return self

    def asked(self, *inputs: str, outputs: tuple[str, ...] = (), **configuration: str) -> Action:
        configuration = {"ProjectName": "Project"} | configuration
        return action("Build", "CodeBuild", configuration, inputs=inputs or ("Source",), outputs=outputs)

    async def perform(self, asked: Action) -> dict[str, str]:
        project = Project(
            name="Project",
            build_spec=self.spec,
            build_spec_file=self.file,
            variables=self.variables,
            timeout_minutes=self.minutes,
        )
        self.work.definition.projects["Project"] = project  # type: ignore[index]
        return dict(await builds.perform(asked, self.work, shared=self._shared, endpoint="http://here"))

    def run(self, *inputs: str, outputs: tuple[str, ...] = (), **configuration: str) -> dict[str, str]:
        return asyncio.run(self.perform(self.asked(*inputs, outputs=outputs, **configuration)))

    @property
    def log(self) -> list[str]:
        return self.work.log.read_text().splitlines()


def environment(*_: object, endpoint: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": endpoint}


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builds:
    monkeypatch.setattr(build_environment, "environment", environment)
    return Builds(tmp_path)


def test_the_source_is_built_in_the_checkout_with_its_variables(build: Builds) -> None:
    build.spec["env"] = {"variables": {"LESS": "spec", "SPEC": "spec"}, "exported-variables": ["ALL"]}
    build.commands(
        'ALL="$PWD $(cat a) $OF $LESS $SPEC $MORE $AWS_ENDPOINT_URL"',
        'ALL="$ALL $CODEBUILD_RESOLVED_SOURCE_VERSION ${CODEBUILD_BUILD_ID%%:*}"',
        '[ "$CODEBUILD_SRC_DIR" = "$PWD" ]',
    )
    more = json.dumps([{"name": "MORE", "type": "PLAINTEXT", "value": "action"}])
    found = build.run(EnvironmentVariables=more)
    expected = f"{build.checkout} 1 project project spec action http://here c0ffee Project"
    assert found == {"ALL": expected}


def test_output_is_in_the_log_after_what_is_said_of_versions(build: Builds) -> None:
    build.commands("echo out; echo err >&2")
    build.spec["phases"]["install"] = {"runtime-versions": {"python": "2.7", "ruby": "3"}}
    build.run()
    assert build.log[0].startswith("[runtime] python 2.7 is asked for: not installed here, 3.")
    assert build.log[1] == "[runtime] ruby 3 is asked for: not installed here, none is used instead"
    assert build.log[2:] == ["[build] $ echo out; echo err >&2", "out", "err"]


def test_another_input_is_a_copy_and_further_ones_have_folders(build: Builds) -> None:
    synth = build.artifact("Synth", {"manifest.json": "{}"})
    build.spec["env"] = {"exported-variables": ["SEEN"]}
    build.commands('echo x > manifest.json; SEEN="$(ls) $(cat "$CODEBUILD_SRC_DIR_Other/o")"')
    other = build.artifact("Other", {"o": "other"})
    assert build.run("Other", "Synth", PrimarySource="Synth") == {"SEEN": "manifest.json other"}
    assert (files(synth), files(other)) == ({"manifest.json": "{}"}, {"o": "other"})
    assert list(builds.folder(build.work.layout).iterdir()) == []


def test_the_artifact_is_kept_by_the_name_of_the_output(build: Builds) -> None:
    build.commands("mkdir out; echo 1 > out/x")
    build.spec["artifacts"] = {"base-directory": "out", "files": ["**/*"]}
    build.run(outputs=("Out",))
    assert files(build.work.artifact("Out")) == {"x": "1\n"}
    build.commands("echo next build")
    build.run()
    assert not (build.checkout / "out").exists()
    assert files(build.work.artifact("Out")) == {"x": "1\n"}


def test_several_outputs_are_the_secondary_artifacts_of_their_names(build: Builds) -> None:
    build.commands("mkdir one two; echo 1 > one/x; echo 2 > two/x")
    each = {name: {"base-directory": name, "files": ["x"]} for name in ("one", "two")}
    build.spec["artifacts"] = {"secondary-artifacts": each}
    build.run(outputs=("one", "two"))
    assert [files(build.work.artifact(name)) for name in ("one", "two")] == [{"x": "1\n"}, {"x": "2\n"}]
    with pytest.raises(ActionFailed, match="artifact three"):
        build.run(outputs=("one", "three"))


def test_a_buildspec_may_be_a_file_of_the_primary_input(build: Builds) -> None:
    spec = {"version": "0.2", "phases": {"build": {"commands": ["echo from the file"]}}}
    build.artifact("Synth", {"spec.yaml": json.dumps(spec), "other.yaml": "phases:\n"})
    build.file = "spec.yaml"
    build.run("Synth")
    assert build.log[-1] == "from the file"
    for build.file, named in (("other.yaml", "is not JSON"), ("none.yaml", "no buildspec none.yaml")):
        with pytest.raises(ActionFailed, match=named):
            build.run("Synth")


def test_a_failure_has_the_phase_the_status_the_last_lines_and_the_logs_path(build: Builds) -> None:
    build.commands("echo the reason; (exit 3)", post_build=["echo after"])
    with pytest.raises(ActionFailed) as caught:
        build.run()
    first, *lines, last = str(caught.value).splitlines()
    assert first == "The build's build phase ended with status 3:"
    assert [line.strip() for line in lines][-4:] == [
        "the reason",
        "[build] ended the build with status 3",
        "[post_build] $ echo after",
        "after",
    ]
    assert last == f"  (all of it: {build.work.log})"


def test_a_build_that_takes_too_long_is_ended(build: Builds) -> None:
    build.minutes = 0
    build.commands("while :; do sleep 0.02; done")
    with pytest.raises(ActionFailed, match="did not end within 0 minutes"):
        build.run()


def test_a_cancelled_build_leaves_nothing_running_and_does_nothing_more(build: Builds) -> None:
    build.commands("sleep 60 & echo $! > pid; wait", post_build=["touch after"])
    pid = build.checkout / "pid"

    async def scene() -> None:
        running = asyncio.ensure_future(build.perform(build.asked()))
        await asyncio.to_thread(eventually, lambda: pid.exists() and pid.read_text().endswith("\n"))
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(scene())
    eventually(lambda: not runs(int(pid.read_text())))
    assert not (build.checkout / "after").exists()


def test_a_cancelled_build_gives_the_command_that_it_is_at_the_time_to_heal(build: Builds) -> None:
    healing = (
        "import pathlib, signal, sys, time\n"
        "def heal(*_):\n time.sleep(0.2); pathlib.Path('healed').touch(); sys.exit()\n"
        "signal.signal(signal.SIGTERM, heal)\npathlib.Path('ready').touch()\nsignal.pause()"
    )
    build.commands(shlex.join([sys.executable, "-c", healing]), "touch after", post_build=["touch after"])

    async def scene() -> None:
        running = asyncio.ensure_future(build.perform(build.asked()))
        await asyncio.to_thread(eventually, (build.checkout / "ready").exists)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(scene())
    assert (build.checkout / "healed").exists()
    assert not (build.checkout / "after").exists()


def test_what_follows_a_failed_build_does_not_hide_it(build: Builds) -> None:
    with pytest.raises(ActionFailed, match="build phase ended with status 5"):
        build.commands("(exit 5)", post_build=["exit 0"]).run()


@pytest.mark.parametrize(
    ("inputs", "configuration", "named"),
    [
        (("Source",), {"BatchEnabled": "true"}, "BatchEnabled"),
        (("Source",), {"PrimarySource": "Other"}, "PrimarySource Other"),
        (("Synth", "Source"), {}, "source Source as another input"),
        (("Nothing",), {}, "no artifact Nothing"),
    ],
)
def test_what_is_not_done_here_is_named(
    build: Builds,
    inputs: tuple[str, ...],
    configuration: Any,  # noqa: ANN401 - keywords
    named: str,
) -> None:
    build.artifact("Synth", {"a": ""})
    with pytest.raises(ActionFailed, match=named):
        build.commands("true").run(*inputs, **configuration)
