"""A small synthesized app on disk, in the form in which the CDK writes one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.local.layout import Layout

API = {"ApiEndpoint": {"Value": "the stage's URL"}}


class Assembly:
    """Stages of one stack each: `<stage>-Stack`, in a Region, with a template."""

    def __init__(self, layout: Layout) -> None:
        self.folder = layout.assembly
        self.folder.mkdir(parents=True)
        self._stages: dict[str, Any] = {"Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}}}

    def add(self, stage: str, region: str, **template: Any) -> Path:  # noqa: ANN401 - as templates have them
        """Add a stage whose stack has this template, and return the template's file."""
        folder = self.folder / f"assembly-{stage}"
        folder.mkdir()
        file = folder / f"{stage}Stack.template.json"
        file.write_text(json.dumps({"Resources": {}, **template}))
        (folder / f"{stage}Stack.assets.json").write_text("{}")
        (folder / "tree.json").write_text("{}")
        properties = {"templateFile": file.name, "stackName": f"{stage}-Stack"}
        stack = {
            "type": "aws:cloudformation:stack",
            "environment": f"aws://000000000000/{region}",
            "properties": properties,
        }
        assets = {"type": "cdk:asset-manifest", "properties": {"file": f"{stage}Stack.assets.json"}}
        manifest = {"artifacts": {f"{stage}Stack.assets": assets, f"{stage}Stack": stack}}
        (folder / "manifest.json").write_text(json.dumps(manifest))
        nested = {"directoryName": folder.name, "displayName": stage}
        self._stages[folder.name] = {"type": "cdk:cloud-assembly", "properties": nested}
        (self.folder / "manifest.json").write_text(json.dumps({"artifacts": self._stages}))
        return file

    def double(self, stage: str) -> None:
        """Give a stage its stack once more, under another name."""
        file = self.folder / f"assembly-{stage}" / "manifest.json"
        manifest = json.loads(file.read_text())
        stack = manifest["artifacts"][f"{stage}Stack"]
        named = {**stack["properties"], "stackName": f"{stage}-Other"}
        manifest["artifacts"][f"{stage}Other"] = {**stack, "properties": named}
        file.write_text(json.dumps(manifest))

    def carry(self, name: str, region: str) -> Path:
        """Add a stack of no stage, as a pipeline has them, and return its template's file."""
        file = self.folder / f"{name}.template.json"
        file.write_text(json.dumps({"Resources": {}}))
        properties = {"templateFile": file.name, "stackName": name}
        environment = f"aws://000000000000/{region}"
        stack = {"type": "aws:cloudformation:stack", "environment": environment, "properties": properties}
        self._stages[f"id-of-{name}"] = stack
        (self.folder / "manifest.json").write_text(json.dumps({"artifacts": self._stages}))
        return file


def assembly_of_two_regions(layout: Layout) -> Assembly:
    """Write the data's stage and an API's stage per Region, in the order of their rollout."""
    assembly = Assembly(layout)
    assembly.add("LocalData", layout.primary.name)
    assembly.add("LocalSecond", layout.secondary.name, Outputs=API)
    assembly.add("LocalFirst", layout.primary.name, Outputs=API)
    return assembly
