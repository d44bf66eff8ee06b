"""The app, synthesized once for all tests of its stacks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stacks import assembly as assemblies
from tests.stacks.assembly import Assembly

REPOSITORY = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    outdir = tmp_path_factory.mktemp("assembly")
    subprocess.run(
        [sys.executable, "app.py"], cwd=REPOSITORY, env=os.environ | {"CDK_OUTDIR": str(outdir)}, check=True
    )
    return assemblies.read(outdir)
