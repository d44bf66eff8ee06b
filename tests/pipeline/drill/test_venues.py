"""Where a drill is held, and what is refused before anything is looked at."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import NoReturn

import pytest
from typer.testing import CliRunner, Result

from pipeline.choice import UnknownDeployment
from pipeline.config import BETA, LOCAL
from pipeline.drill.aws.venue import AwsVenue
from pipeline.drill.cli import app
from pipeline.drill.faults import FaultError
from pipeline.drill.local.venue import LocalVenue
from pipeline.drill.outcome import COULD_NOT_RUN, MET
from pipeline.drill.scenarios import SCENARIOS
from pipeline.drill.venues import venue
from pipeline.local.layout import Layout


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(state=tmp_path / "state")


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise AssertionError("nobody is called")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_the_deployment_of_this_machine_is_drilled_on_it(layout: Layout) -> None:
    place = venue("local", layout, 10)
    assert place == LocalVenue(layout=layout, time_scale=10)
    assert place.scenario(place.usual) is SCENARIOS["region-outage"]


def test_another_one_is_drilled_on_aws(layout: Layout) -> None:
    place = venue("beta", layout, 1)
    assert isinstance(place, AwsVenue)
    assert place.deployment is BETA
    assert place.scenario(place.usual).name == "api-outage"


@pytest.mark.parametrize("name", ["gamma", "beta,prod", ""])
def test_a_drill_is_held_in_one_deployment_that_there_is(layout: Layout, name: str) -> None:
    with pytest.raises(UnknownDeployment):
        venue(name, layout, 1)


@pytest.mark.parametrize(
    ("name", "time_scale", "says"), [("prod", 1, "prod is not to be drilled"), ("beta", 10, "one scale, 1")]
)
def test_what_must_not_be_drilled_is_refused(layout: Layout, name: str, time_scale: float, says: str) -> None:
    with pytest.raises(FaultError, match=says):
        venue(name, layout, time_scale)


def run(state: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["run", *arguments, "--state", str(state)], env={"PORT": None})


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        ([], "# region-outage, local: "),
        (["failback", "--time-scale", "10"], "# failback, local: "),
        (["--on", "beta"], "# api-outage, beta: "),
        (["failback", "--on", "beta"], "# failback, beta: "),
    ],
)
def test_a_plan_needs_neither_credentials_nor_a_platform(
    tmp_path: Path, arguments: list[str], first: str
) -> None:
    result = run(tmp_path / "state", *arguments, "--dry-run")
    assert result.exit_code == MET
    assert any(line.startswith(first) for line in result.stdout.splitlines())
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--on", "prod"], "prod is not to be drilled on AWS: its configuration has no drills."),
        (["--on", "beta", "--time-scale", "10"], "Time on AWS has one scale, 1, and not 10"),
        (
            ["--on", "gamma"],
            f"There is no deployment 'gamma'; known are beta, prod, {LOCAL.name}, localprod.",
        ),
        (["region-loss", "--on", "beta"], "region-loss cannot be performed on AWS"),
        (["earthquake"], "There is no scenario 'earthquake'"),
    ],
)
@pytest.mark.parametrize("mode", [[], ["--dry-run"]], ids=["held", "dry-run"])
def test_what_cannot_be_held_exits_with_2_and_one_sentence(
    tmp_path: Path, arguments: list[str], says: str, mode: list[str]
) -> None:
    result = run(tmp_path / "state", *arguments, *mode)
    assert result.exit_code == COULD_NOT_RUN
    assert says in result.stderr
    assert not (tmp_path / "state").exists()
