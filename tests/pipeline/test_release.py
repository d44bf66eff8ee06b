"""What is released is kept only when a synthesis of it passed."""

from pathlib import Path

import pytest

from pipeline import release
from pipeline.config import BETA, LOCAL
from pipeline.local.layout import Layout
from pipeline.release import keep
from stacks import released_tables
from stacks.tables import TableStack
from tests.pipeline.local.cloud import Assembly

TABLE = {"Type": "AWS::DynamoDB::GlobalTable", "Properties": {"Replicas": [{"Region": BETA.primary_region}]}}
RELEASED = {"BetaData-Stack": TableStack(region=BETA.primary_region, tables={"Users": TABLE})}


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    layout = Layout(state=tmp_path)
    written = Assembly(layout)
    written.add(
        "BetaData", BETA.primary_region, Resources={"Users": TABLE, "Bus": {"Type": "AWS::Events::EventBus"}}
    )
    written.add("BetaPrimary", BETA.primary_region)
    written.add("LocalData", LOCAL.primary_region, Resources={"Users": TABLE})
    return layout.assembly


def test_the_tables_of_the_deployment_that_was_released_are_kept(assembly: Path, tmp_path: Path) -> None:
    assert keep(assembly, [BETA], folder=tmp_path) == ["beta: BetaData-Stack/Users: new"]
    assert released_tables.read("beta", folder=tmp_path) == RELEASED
    assert released_tables.read("local", folder=tmp_path) == {}
    assert keep(assembly, [BETA], folder=tmp_path) == ["beta: as released before"]


@pytest.mark.usefixtures("assembly")
def test_what_is_refused_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def kept(*_: object) -> list[str]:
        raise AssertionError("kept")

    monkeypatch.setattr(release, "keep", kept)
    monkeypatch.setattr(release, "synthesize", lambda _folder, **_: False)
    assert release.main(["beta"]) == 1


def test_what_is_accepted_is_kept_and_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(release, "keep", lambda _folder, deployments: [each.name for each in deployments])

    def synthesized(_folder: Path, *, deployments: str, as_configured: bool) -> bool:
        return as_configured and deployments == "beta"  # never from the tables of somebody's drill

    monkeypatch.setattr(release, "synthesize", synthesized)
    assert release.main(["beta"]) == 0
    assert capsys.readouterr().out == "beta\n"


def test_an_unknown_deployment_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert release.main(["gamma"]) == 2
    assert "no deployment 'gamma'" in capsys.readouterr().err
