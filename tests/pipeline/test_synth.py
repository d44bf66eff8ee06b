"""What `make synth` lists, and what it says when the app is refused."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from pipeline import synth
from pipeline.config import BETA, DEPLOYMENTS, LOCAL
from pipeline.exceptions import Accepted
from pipeline.local.assembly import is_of
from pipeline.local.layout import Layout
from pipeline.synth import rows, synthesize, table
from tests.pipeline.local.cloud import Assembly

TWO = {"Resources": {"A": {"Type": "AWS::SQS::Queue"}, "B": {"Type": "AWS::SQS::Queue"}}}


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    layout = Layout(state=tmp_path)
    written = Assembly(layout)
    written.add("LocalData", LOCAL.primary_region)
    written.add("BetaData", BETA.primary_region, **TWO)
    written.add("BetaSecondary", BETA.secondary_region, **TWO)
    return layout.assembly


def test_each_stack_is_listed_with_its_deployment_place_and_size(assembly: Path) -> None:
    assert [row.cells() for row in rows(assembly)] == [
        ("beta", "BetaData", "Stack", BETA.account, BETA.primary_region, "2"),
        ("beta", "BetaSecondary", "Stack", BETA.account, BETA.secondary_region, "2"),
        ("local", "LocalData", "Stack", LOCAL.account, LOCAL.primary_region, "0"),
    ]


def test_the_table_fits_a_line_per_stack(assembly: Path) -> None:
    console = Console(file=io.StringIO(), width=110)
    console.print(table(list(rows(assembly))))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert [line.split()[0] for line in text.splitlines() if "eu-" in line] == ["beta", "beta", "local"]


def test_a_stage_is_of_one_deployment_alone() -> None:
    for owner in DEPLOYMENTS:
        stage = f"{owner.name.title()}Data"
        assert [each for each in DEPLOYMENTS if is_of(stage, each)] == [owner]


def test_a_stage_within_a_pipeline_is_of_no_deployment() -> None:
    assert not any(is_of("LocalPipeline/LocalAccess", each) for each in DEPLOYMENTS)


def test_an_app_that_is_refused_leaves_nothing_to_deploy(
    assembly: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert not synthesize(assembly, deployments="gamma")
    assert list(rows(assembly)) == []
    assert (
        capfd.readouterr().err.strip()
        == "There is no deployment 'gamma'; known are beta, prod, local, localprod."
    )


def test_make_synth_lists_and_its_status_tells(
    assembly: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(synth, "ASSEMBLY", assembly)
    monkeypatch.setattr(synth, "synthesize", lambda _folder: True)
    exception = Accepted(
        path="BetaData/Stack/Queue", rule="AwsSolutions-IAM5[Resource::*]", reason="No other way."
    )
    monkeypatch.setattr(synth, "exceptions", lambda _folder: [exception])
    assert synth.main([]) == 0
    assert "BetaSecondary" in capsys.readouterr().out
    assert synth.main(["--exceptions"]) == 0
    assert "BetaData/Stack/Queue  AwsSolutions-IAM5[Resource::*]\n  No other way." in capsys.readouterr().out
    monkeypatch.setattr(synth, "synthesize", lambda _folder: False)
    assert synth.main([]) == 1
    assert capsys.readouterr().out == ""


def test_the_stacks_of_the_pipeline_are_listed_after_those_that_it_carries(assembly: Path) -> None:
    file = assembly / "manifest.json"
    manifest = json.loads(file.read_text())
    (assembly / "Pipeline.template.json").write_text(json.dumps(TWO))
    manifest["artifacts"]["Pipeline"] = {
        "type": "aws:cloudformation:stack",
        "environment": "aws://333333333333/eu-west-1",
        "properties": {"templateFile": "Pipeline.template.json"},
    }
    file.write_text(json.dumps(manifest))
    assert [row.cells() for row in rows(assembly)][-1] == (
        "pipeline",
        "",
        "Pipeline",
        "333333333333",
        "eu-west-1",
        "2",
    )
