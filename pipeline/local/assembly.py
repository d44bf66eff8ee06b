"""The synthesized app: made, and read as the CDK CLI reads it."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.config import Deployment
from pipeline.local.commands import run
from pipeline.local.layout import ROOT, Layout


@dataclass(frozen=True, kw_only=True)
class StackPlace:
    """One stack of the app: its stage, if it is in one, its name, its place and its template.

    `path` is what the CDK CLI selects it by.
    """

    stage: str
    path: str
    name: str
    account: str
    region: str
    template: Mapping[str, Any]
    template_file: Path

    @property
    def resource_types(self) -> frozenset[str]:
        """The types of its resources."""
        return frozenset(resource["Type"] for resource in self.template["Resources"].values())


def synthesize(layout: Layout, environment: Mapping[str, str]) -> None:
    """Synthesize what is deployed here into the layout's assembly folder, by a pipeline too.

    Raises:
        LocalError: the app refused; its own words are in the message.
    """
    shutil.rmtree(layout.assembly, ignore_errors=True)
    context = json.dumps({"deployments": ",".join(each.name for each in layout.deployments)})
    node = ROOT / ".venv" / "bin" / "node"
    run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        environment={
            **environment,
            "CDK_OUTDIR": str(layout.assembly),
            "CDK_CONTEXT_JSON": context,
            "USERS_TABLES": layout.tables,
            "JSII_NODE": str(node),
        },
        log=layout.state / "synth.log",
    )


def stacks(assembly: Path) -> Sequence[StackPlace]:
    """Return the stacks in the order in which they roll out, that of the stages; none before a synthesis."""
    if not (assembly / "manifest.json").exists():
        return []
    manifest = json.loads((assembly / "manifest.json").read_text())
    nested = [a["properties"] for a in manifest["artifacts"].values() if a["type"] == "cdk:cloud-assembly"]
    return [stack for stage in nested for stack in _stage_stacks(assembly, stage)]


def stacks_of(layout: Layout) -> Sequence[StackPlace]:
    """Return the stacks of the layout's deployment, in the order in which they roll out."""
    return [stack for stack in stacks(layout.assembly) if is_of(stack.stage, layout.deployment)]


def stacks_of_no_stage(assembly: Path) -> Sequence[StackPlace]:
    """Return the stacks of the app itself: those of the pipelines that deploy the others."""
    return list(_folder_stacks(assembly, stage="")) if (assembly / "manifest.json").exists() else []


def is_of(stage: str, deployment: Deployment) -> bool:
    """Tell whether a stage is one of a deployment's, not of a pipeline's or of one whose name begins so."""
    part = stage.removeprefix(deployment.name.title())
    return part != stage and part[:1].isupper() and "/" not in part


def fingerprint(places: Sequence[StackPlace]) -> str:
    """Return a hash of all that a deployment of these stacks depends on."""
    digest = hashlib.sha256()
    for template in sorted(place.template_file for place in places):
        assets = template.with_name(template.name.replace(".template.json", ".assets.json"))
        for path in filter(Path.exists, (template, assets)):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _stage_stacks(assembly: Path, stage: Mapping[str, str]) -> Iterator[StackPlace]:
    yield from _folder_stacks(assembly / stage["directoryName"], stage=stage["displayName"])


def _folder_stacks(folder: Path, *, stage: str) -> Iterator[StackPlace]:
    manifest = json.loads((folder / "manifest.json").read_text())
    for id_, artifact in manifest["artifacts"].items():
        if artifact["type"] == "aws:cloudformation:stack":
            account, region = artifact["environment"].removeprefix("aws://").split("/")
            file = folder / artifact["properties"]["templateFile"]
            yield StackPlace(
                stage=stage,
                path=artifact.get("displayName", id_),
                name=artifact["properties"].get("stackName", id_),
                account=account,
                region=region,
                template=json.loads(file.read_text()),
                template_file=file,
            )
