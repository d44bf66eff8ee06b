"""The command line says one sentence about what went wrong, and its exit status says how."""

from __future__ import annotations

import json
from collections.abc import Callable
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.local import cli, platform, status
from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout
from pipeline.local.platform import exclusive
from pipeline.local.runner import carrying
from pipeline.local.runner.deliveries import Deliveries
from pipeline.local.status import PlatformStatus, ServiceStatus

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line with the state below the test's folder."""
    monkeypatch.delenv("PORT", raising=False)

    def run(*arguments: str, port: int | None = None) -> Result:
        environment = {"PORT": str(port) if port else None}
        # Lines are as wide as they are off a terminal.
        cli.console.width = 200
        return CliRunner().invoke(cli.app, [*arguments, "--state", str(tmp_path)], env=environment)

    return run


def brings_up(
    monkeypatch: pytest.MonkeyPatch, deployed: bool | BaseException, *, remote: str | None = None
) -> list[Layout]:
    """Have `up` bring up nothing, and the pipeline adopt it if it is held meanwhile; return the layouts."""
    layouts: list[Layout] = []

    def up(layout: Layout, _progress: object) -> bool:
        layouts.append(layout)
        if isinstance(deployed, BaseException):
            raise deployed
        return deployed

    def adopt(layout: Layout, *, anew: bool) -> str | None:
        assert anew is deployed
        with pytest.raises(LocalError, match="Another command"), exclusive(layout):
            pass
        return remote

    monkeypatch.setattr(cli, "bring_up", up)
    monkeypatch.setattr(carrying, "adopt", adopt)
    return layouts


@pytest.mark.parametrize(("deployed", "remark"), [(True, ""), (False, " (nothing to deploy)")])
def test_up_says_where_everything_answers(
    run: Run, monkeypatch: pytest.MonkeyPatch, deployed: bool, remark: str
) -> None:
    brings_up(monkeypatch, deployed)
    result = run("up", "--port", "9080")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "",
        f"The users API answers at http://127.0.0.1:9080{remark}",
        "  primary   eu-west-1    http://127.0.0.1:9081",
        "  secondary eu-central-1 http://127.0.0.1:9082",
    ]


@pytest.mark.parametrize("deployed", [True, False])
def test_up_says_what_a_push_is_made_to(run: Run, monkeypatch: pytest.MonkeyPatch, deployed: bool) -> None:
    brings_up(monkeypatch, deployed, remote="local")
    assert run("up").stdout.splitlines()[-1] == "A push deploys: git push local HEAD:main"


def test_what_the_pipeline_cannot_adopt_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Layout, *, anew: bool) -> str | None:
        raise LocalError(f"git init failed, anew {anew}")

    brings_up(monkeypatch, True)
    monkeypatch.setattr(carrying, "adopt", refuse)
    result = run("up")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "git init failed, anew True\n")


def test_the_port_may_come_from_the_environment(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    layouts = brings_up(monkeypatch, True)
    run("up", port=9180)
    assert layouts == [Layout(port=9180, state=tmp_path)]


def test_a_failure_is_one_sentence_and_status_1(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    brings_up(monkeypatch, LocalError("Port [9080] is taken by another program: " + "end that, " * 30))
    result = run("up")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == ["Port [9080] is taken by another program: " + "end that, " * 30]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (PermissionError(13, "Permission denied", "/somewhere"), "Permission denied: '/somewhere'\n"),
        (OSError(28, "No space left on device"), "No space left on device\n"),
    ],
)
def test_what_the_disk_refuses_is_one_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: OSError, sentence: str
) -> None:
    brings_up(monkeypatch, error)
    result = run("up")
    assert (result.exit_code, result.stderr) == (1, sentence)


def test_an_interruption_is_said_and_status_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    brings_up(monkeypatch, KeyboardInterrupt())
    result = run("up")
    assert result.exit_code == 130
    assert " ".join(result.stderr.split()) == "Interrupted: what this command had started was ended again."


@pytest.mark.parametrize("command", ["up", "down", "status"])
def test_a_port_that_cannot_be_is_one_sentence(run: Run, command: str) -> None:
    result = run(command, "--port", "70000")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "The port must be between 1024 and 65530, not 70000.\n"


@pytest.mark.parametrize("command", ["up", "down"])
def test_a_platform_that_another_command_holds_is_left_alone(run: Run, command: str, tmp_path: Path) -> None:
    with exclusive(Layout(state=tmp_path)):
        result = run(command)
    assert result.exit_code == 1
    assert "Another command is changing the platform" in result.stderr


@pytest.mark.parametrize("command", ["up", "down"])
def test_a_platform_that_the_pipeline_deploys_to_is_left_alone(
    run: Run, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CODEBUILD_BUILD_ID", raising=False)
    lock = Layout(state=tmp_path).execution_lock
    lock.parent.mkdir()
    with lock.open("w") as execution:
        flock(execution, LOCK_EX)
        result = run(command)
    assert result.exit_code == 1
    assert result.stderr == "The pipeline deploys to this platform: wait for its execution to end.\n"


def test_the_state_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layouts = brings_up(monkeypatch, True)
    CliRunner().invoke(cli.app, ["up"], env={"PORT": "9180", "PLATFORM_STATE": str(tmp_path)})
    assert layouts == [Layout(port=9180, state=tmp_path)]


@pytest.mark.parametrize(
    ("stopped", "words"),
    [(["front-door", "dns", "primary"], "Stopped: front-door, dns, primary."), ([], "Nothing was running.")],
)
def test_down_says_what_it_stopped(
    run: Run, monkeypatch: pytest.MonkeyPatch, stopped: list[str], words: str
) -> None:
    monkeypatch.setattr(platform, "stop", lambda _: stopped)
    result = run("down")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, words)


@pytest.mark.parametrize(("state", "exit_code"), [("running", 0), ("frozen", 1)])
@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_status_exits_with_0_only_if_all_of_it_runs(
    run: Run, monkeypatch: pytest.MonkeyPatch, state: str, exit_code: int, arguments: tuple[str, ...]
) -> None:
    service = ServiceStatus(name="primary", region="r", url="u", state=state, pid=7, version="v")
    found = PlatformStatus(
        services=[service],
        dns=None,
        replication=[],
        aws_endpoints={},
        gaps=[],
        deliveries=Deliveries(last=[], rows=[]),
        tables=["users-local"],
        switched=False,
    )
    monkeypatch.setattr(status, "read", lambda _: found)
    result = run("status", *arguments)
    assert result.exit_code == exit_code
    if arguments:
        assert json.loads(result.stdout) == found.as_json()
    else:
        assert state in result.stdout


@pytest.mark.parametrize("arguments", [("sideways",), ("up", "--port", "many"), ("status", "--xml")])
def test_a_command_that_is_not_there_is_status_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2
