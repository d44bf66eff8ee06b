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


def assembly_of_two_regions(layout: Layout) -> Assembly:
    """Write the data's stage and an API's stage per Region, in the order of their rollout."""
    assembly = Assembly(layout)
    assembly.add("Data", layout.primary.name)
    assembly.add("Second", layout.secondary.name, Outputs=API)
    assembly.add("First", layout.primary.name, Outputs=API)
    return assembly
