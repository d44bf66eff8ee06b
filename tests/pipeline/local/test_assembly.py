"""The synthesized app is read as the CDK wrote it, and known again by what a deployment depends on."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from pipeline.local import assembly
from pipeline.local.assembly import fingerprint, stacks
from pipeline.local.errors import LocalError
from pipeline.local.layout import ROOT, Layout
from tests.pipeline.local.cloud import Assembly, assembly_of_two_regions


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(state=tmp_path)


def test_stacks_come_in_the_order_of_their_stages_with_their_regions(layout: Layout) -> None:
    assembly_of_two_regions(layout)
    assert [(stack.stage, stack.name, stack.region) for stack in stacks(layout.assembly)] == [
        ("Data", "Data-Stack", layout.primary.name),
        ("Second", "Second-Stack", layout.secondary.name),
        ("First", "First-Stack", layout.primary.name),
    ]


def test_a_stack_has_its_template_and_its_types(layout: Layout) -> None:
    resources = {name: {"Type": f"AWS::{name}::Thing"} for name in ("SQS", "SNS")}
    Assembly(layout).add("Data", layout.primary.name, Resources=resources)
    (stack,) = stacks(layout.assembly)
    assert stack.template["Resources"] == resources
    assert stack.resource_types == {"AWS::SQS::Thing", "AWS::SNS::Thing"}


def test_before_a_synthesis_there_are_no_stacks(layout: Layout) -> None:
    assert stacks(layout.assembly) == []
    layout.assembly.mkdir()
    assert stacks(layout.assembly) == []


@pytest.mark.parametrize("name", ["DataStack.template.json", "DataStack.assets.json"])
def test_the_fingerprint_follows_what_a_deployment_depends_on(layout: Layout, name: str) -> None:
    file = assembly_of_two_regions(layout).folder / "assembly-Data" / name
    before = fingerprint(layout.assembly)
    content = file.read_text()
    file.write_text('{"changed": true}')
    assert fingerprint(layout.assembly) != before
    file.write_text(content)
    assert fingerprint(layout.assembly) == before


@pytest.mark.parametrize("name", ["tree.json", "assembly-Data/tree.json", "assembly-Data/manifest.json"])
def test_the_fingerprint_passes_over_what_it_does_not(layout: Layout, name: str) -> None:
    folder = assembly_of_two_regions(layout).folder
    before = fingerprint(folder)
    (folder / name).write_text("{}")
    assert fingerprint(folder) == before


def test_a_stack_that_is_new_changes_the_fingerprint(layout: Layout) -> None:
    written = assembly_of_two_regions(layout)
    before = fingerprint(layout.assembly)
    written.add("Third", layout.primary.name)
    assert fingerprint(layout.assembly) != before


def test_a_synthesis_is_of_the_layouts_deployment_into_an_empty_folder(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    (layout.assembly / "old").mkdir(parents=True)
    ran = []

    def run(command: list[str], *, cwd: Path, environment: dict[str, str], log: Path) -> None:
        ran.append((command, cwd, log, layout.assembly.exists()))
        assert json.loads(environment.pop("CDK_CONTEXT_JSON")) == {"deployments": "local"}
        assert Path(environment.pop("JSII_NODE")).name == "node"
        assert environment == {"PATH": "p", "CDK_OUTDIR": str(layout.assembly)}

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
