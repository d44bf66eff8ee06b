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

from pipeline.local.commands import run
from pipeline.local.layout import ROOT, Layout


@dataclass(frozen=True, kw_only=True)
class StackPlace:
    """One stack of the app: its stage, if it is in one, its name, its place and its template."""

    stage: str
    name: str
    account: str
    region: str
    template: Mapping[str, Any]

    @property
    def resource_types(self) -> frozenset[str]:
        """The types of its resources."""
        return frozenset(resource["Type"] for resource in self.template["Resources"].values())


def synthesize(layout: Layout, environment: Mapping[str, str]) -> None:
    """Synthesize the layout's deployment into its assembly folder.

    Raises:
        LocalError: the app refused; its own words are in the message.
    """
    shutil.rmtree(layout.assembly, ignore_errors=True)
    context = json.dumps({"deployments": layout.deployment.name})
    node = ROOT / ".venv" / "bin" / "node"
    run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        environment={
            **environment,
            "CDK_OUTDIR": str(layout.assembly),
            "CDK_CONTEXT_JSON": context,
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


def fingerprint(assembly: Path) -> str:
    """Return a hash of all that a deployment of the assembly depends on."""
    digest = hashlib.sha256()
    for path in sorted(assembly.glob("assembly-*/*.json")):
        if path.name.endswith((".template.json", ".assets.json")):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def stacks_of_no_stage(assembly: Path) -> Sequence[StackPlace]:
    """Return the stacks of the app itself: those of the pipeline that deploys the others."""
    return list(_folder_stacks(assembly, stage=""))


def _stage_stacks(assembly: Path, stage: Mapping[str, str]) -> Iterator[StackPlace]:
    yield from _folder_stacks(assembly / stage["directoryName"], stage=stage["displayName"])


def _folder_stacks(folder: Path, *, stage: str) -> Iterator[StackPlace]:
    manifest = json.loads((folder / "manifest.json").read_text())
    for id_, artifact in manifest["artifacts"].items():
        if artifact["type"] == "aws:cloudformation:stack":
            account, region = artifact["environment"].removeprefix("aws://").split("/")
            yield StackPlace(
                stage=stage,
                name=artifact["properties"].get("stackName", id_),
                account=account,
                region=region,
                template=json.loads((folder / artifact["properties"]["templateFile"]).read_text()),
            )
