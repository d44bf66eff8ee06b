"""After a release: `python -m pipeline.release [deployment]` keeps its tables as the released ones."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.choice import UnknownDeployment, deployments_named
from pipeline.config import Deployment
from pipeline.synth import rows, synthesize
from stacks import released_tables
from stacks.tables import TableStack, tables_of


def released(assembly: Path, deployment: Deployment) -> Mapping[str, TableStack]:
    """Return the tables of a deployment in an assembly, by stack."""
    return {
        row.stack.name: TableStack(region=row.stack.region, tables=tables_of(row.stack.template))
        for row in rows(assembly)
        if row.deployment == deployment
    }


def keep(
    assembly: Path, deployments: Sequence[Deployment], *, folder: Path = released_tables.RELEASED
) -> list[str]:
    """Keep what an accepted synthesis holds, and return a line for all that was not as released before."""
    lines = []
    for deployment in deployments:
        stacks = released(assembly, deployment)
        before = released_tables.read(deployment.name, folder=folder)
        changed = released_tables.differences(before, stacks) or ["as released before"]
        lines += [f"{deployment.name}: {line}" for line in changed]
        released_tables.write(deployment.name, stacks, folder=folder)
    return lines


def main(arguments: Sequence[str]) -> int:
    """Synthesize, which checks each change, and keep what passes; return 1, or 2 for an unknown name."""
    names = ",".join(arguments)
    try:
        deployments = deployments_named(names)
    except UnknownDeployment as error:
        sys.stderr.write(f"{error}\n")
        return 2
    with TemporaryDirectory() as folder:
        assembly = Path(folder) / "cdk.out"
        if not synthesize(assembly, deployments=names, as_configured=True):
            return 1
        sys.stdout.write("\n".join(keep(assembly, deployments)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
