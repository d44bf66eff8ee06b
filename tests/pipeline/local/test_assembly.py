"""The synthesized app is read as the CDK wrote it, and known again by what a deployment depends on."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.config import LOCALPROD
from pipeline.local import assembly
from pipeline.local.assembly import fingerprint, stacks, stacks_of, stacks_of_no_stage
from pipeline.local.errors import LocalError
from pipeline.local.layout import ROOT, Layout
from tests.pipeline.local.cloud import Assembly, assembly_of_two_regions


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(state=tmp_path)


def test_stacks_come_in_the_order_of_their_stages_with_their_regions(layout: Layout) -> None:
    assembly_of_two_regions(layout)
    assert [(stack.stage, stack.name, stack.region) for stack in stacks(layout.assembly)] == [
        ("LocalData", "LocalData-Stack", layout.primary.name),
        ("LocalSecond", "LocalSecond-Stack", layout.secondary.name),
        ("LocalFirst", "LocalFirst-Stack", layout.primary.name),
    ]


def test_a_stack_has_its_template_and_its_types(layout: Layout) -> None:
    resources = {name: {"Type": f"AWS::{name}::Thing"} for name in ("SQS", "SNS")}
    Assembly(layout).add("LocalData", layout.primary.name, Resources=resources)
    (stack,) = stacks(layout.assembly)
    assert stack.template["Resources"] == resources
    assert stack.resource_types == {"AWS::SQS::Thing", "AWS::SNS::Thing"}


def test_before_a_synthesis_there_are_no_stacks(layout: Layout) -> None:
    assert stacks(layout.assembly) == []
    layout.assembly.mkdir()
    assert stacks(layout.assembly) == []


@pytest.mark.parametrize("name", ["LocalDataStack.template.json", "LocalDataStack.assets.json"])
def test_the_fingerprint_follows_what_a_deployment_depends_on(layout: Layout, name: str) -> None:
    file = assembly_of_two_regions(layout).folder / "assembly-LocalData" / name
    before = fingerprint(stacks(layout.assembly))
    content = file.read_text()
    file.write_text('{"Resources": {"New": {"Type": "AWS::SQS::Queue"}}}')
    assert fingerprint(stacks(layout.assembly)) != before
    file.write_text(content)
    assert fingerprint(stacks(layout.assembly)) == before


@pytest.mark.parametrize("name", ["tree.json", "assembly-LocalData/tree.json"])
def test_the_fingerprint_passes_over_what_it_does_not(layout: Layout, name: str) -> None:
    folder = assembly_of_two_regions(layout).folder
    before = fingerprint(stacks(folder))
    (folder / name).write_text("{}")
    assert fingerprint(stacks(folder)) == before


@pytest.fixture
def carried(layout: Layout) -> Layout:
    """An assembly with two deployments, and the pipeline that carries them."""
    written = Assembly(layout)
    for stage in ("LocalData", "LocalprodData", "LocalPipeline/LocalAccess"):
        written.add(stage.replace("/", "-"), layout.primary.name)
    written.carry("LocalPipeline", layout.primary.name)
    manifest = layout.assembly / "manifest.json"
    text = manifest.read_text().replace('"displayName": "LocalPipeline-', '"displayName": "LocalPipeline/')
    manifest.write_text(text)
    return layout


def test_the_stacks_of_a_deployment_are_neither_another_s_nor_the_pipeline_s(carried: Layout) -> None:
    assert len(stacks(carried.assembly)) == 3
    assert [stack.name for stack in stacks_of(carried)] == ["LocalData-Stack"]
    assert [stack.name for stack in stacks_of(replace(carried, deployment=LOCALPROD))] == [
        "LocalprodData-Stack"
    ]
    assert [stack.name for stack in stacks_of_no_stage(carried.assembly)] == ["LocalPipeline"]


def test_the_fingerprint_follows_only_what_it_is_asked_for(carried: Layout) -> None:
    before = fingerprint(stacks_of(carried))
    (carried.assembly / "assembly-LocalprodData" / "LocalprodDataStack.template.json").write_text(
        '{"Resources": {}} '
    )
    assert fingerprint(stacks_of(carried)) == before


def test_a_stack_that_is_new_changes_the_fingerprint(layout: Layout) -> None:
    written = assembly_of_two_regions(layout)
    before = fingerprint(stacks(layout.assembly))
    written.add("LocalThird", layout.primary.name)
    assert fingerprint(stacks(layout.assembly)) != before


@pytest.mark.parametrize("tables", ["", '{"local": ["users-local", "users-local-restored"]}'])
def test_a_synthesis_is_of_all_that_is_deployed_here_into_an_empty_folder(
    layout: Layout, monkeypatch: pytest.MonkeyPatch, tables: str
) -> None:
    monkeypatch.setenv("USERS_TABLES", "another platform's")
    (layout.assembly / "old").mkdir(parents=True)
    if tables:
        layout.tables_file.write_text(tables)
    ran = []

    def run(command: list[str], *, cwd: Path, environment: dict[str, str], log: Path) -> None:
        ran.append((command, cwd, log, layout.assembly.exists()))
        assert json.loads(environment.pop("CDK_CONTEXT_JSON")) == {"deployments": "local,localprod"}
        assert Path(environment.pop("JSII_NODE")).name == "node"
        assert environment == {"PATH": "p", "CDK_OUTDIR": str(layout.assembly), "USERS_TABLES": tables}

    monkeypatch.setattr(assembly, "run", run)
    assembly.synthesize(layout, {"PATH": "p"})
    assert ran == [([sys.executable, "app.py"], ROOT, layout.state / "synth.log", False)]


def test_an_app_that_refuses_is_quoted(
    layout: Layout, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "app.py").write_text("raise SystemExit('There is no such deployment.')")
    monkeypatch.setattr(assembly, "ROOT", tmp_path)
    with pytest.raises(LocalError, match=r"There is no such deployment\."):
        assembly.synthesize(layout, {})
