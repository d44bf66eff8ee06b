"""`make synth`: the templates of every deployment, written to cdk.out, and a line for each stack."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from pipeline.config import DEPLOYMENTS, Deployment
from pipeline.exceptions import exceptions
from pipeline.local.assembly import StackPlace, is_of, stacks, stacks_of_no_stage
from pipeline.local.layout import ROOT

ASSEMBLY = ROOT / "cdk.out"
COLUMNS = ("deployment", "stage", "stack", "account", "Region", "resources")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One stack, as it is listed; those of pipelines are of no deployment."""

    deployment: Deployment | None
    stack: StackPlace

    def cells(self) -> Sequence[str]:
        """The row's columns as text."""
        name = self.stack.name.removeprefix(f"{self.stack.stage}-")
        resources = len(self.stack.template.get("Resources", {}))
        owner = self.deployment.name if self.deployment else "pipeline"
        account = self.deployment.account if self.deployment else self.stack.account
        return (owner, self.stack.stage, name, account, self.stack.region, str(resources))


def synthesize(assembly: Path, *, deployments: str = "", as_configured: bool = False) -> bool:
    """Synthesize deployments into a folder, all if none is named; what is wrong goes to standard error.

    The folder is emptied first, so that it never holds the templates of an app that was refused. Served from
    the tables of USERS_TABLES, where that is set, unless it is to be `as_configured`. Returns whether the app
    was accepted.
    """
    shutil.rmtree(assembly, ignore_errors=True)
    environment = {
        "JSII_NODE": str(ROOT / ".venv" / "bin" / "node"),
        **os.environ,
        "CDK_OUTDIR": str(assembly),
        "CDK_CONTEXT_JSON": json.dumps({"deployments": deployments}),
        **({"USERS_TABLES": ""} if as_configured else {}),
    }
    if subprocess.run([sys.executable, "app.py"], cwd=ROOT, env=environment, check=False).returncode == 0:
        return True
    (assembly / "manifest.json").unlink(missing_ok=True)  # without it nothing deploys what is there
    return False


def rows(assembly: Path) -> Iterator[Row]:
    """Yield each stack of an assembly, by deployment and in the order of its rollout, a pipeline's last."""
    places = stacks(assembly)
    for deployment in DEPLOYMENTS:
        for stack in places:
            if is_of(stack.stage, deployment):
                yield Row(deployment=deployment, stack=stack)
    letting_in = [stack for stack in places if "/" in stack.stage]
    for stack in (*stacks_of_no_stage(assembly), *letting_in):
        yield Row(deployment=None, stack=stack)


def table(found: Sequence[Row]) -> Table:
    """Return the stacks as a table, with a rule between deployments."""
    shown = Table(*COLUMNS, box=box.SIMPLE, pad_edge=False)
    shown.columns[-1].justify = "right"
    for row, following in zip(found, [*found[1:], None], strict=True):
        last = following is None or following.deployment != row.deployment
        shown.add_row(*row.cells(), end_section=last)
    return shown


def main(arguments: Sequence[str]) -> int:
    """Synthesize and list; `--exceptions` adds what cdk-nag is told to accept. Returns 1 if refused."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
    if not synthesize(ASSEMBLY):
        return 1
    console.print(table(list(rows(ASSEMBLY))))
    if "--exceptions" in arguments:
        for exception in exceptions(ASSEMBLY):
            console.print(
                f"{exception.path}  {exception.rule}\n  {exception.reason}", markup=False, soft_wrap=True
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
