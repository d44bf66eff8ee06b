"""The app as the CDK CLI starts it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import app

REPOSITORY = Path(__file__).parent.parent


def test_an_unknown_deployment_ends_the_app_with_a_sentence(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "app.py"],
        cwd=REPOSITORY,
        env=os.environ
        | {"CDK_OUTDIR": str(tmp_path), "CDK_CONTEXT_JSON": json.dumps({"deployments": "local,gamma"})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr.strip() == "There is no deployment 'gamma'; known are beta, prod, local, localprod."
    assert not (tmp_path / "manifest.json").exists()


def test_context_chooses_the_deployments() -> None:
    built = app.build(context={"deployments": "local"})
    assert [stage.node.id for stage in built.node.children if stage.node.id.startswith("Local")] == [
        "LocalData",
        "LocalSecondary",
        "LocalPrimary",
        "LocalRouting",
    ]
    assert not [stage for stage in built.node.children if stage.node.id.startswith(("Beta", "Prod"))]


def test_the_cli_starts_the_interpreter_of_the_active_environment() -> None:
    assert json.loads((REPOSITORY / "cdk.json").read_text())["app"] == "python app.py"


def test_tables_that_cannot_serve_end_the_app_with_a_sentence(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "app.py"],
        cwd=REPOSITORY,
        env=os.environ | {"CDK_OUTDIR": str(tmp_path), "USERS_TABLES": "{"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (1, "USERS_TABLES must be JSON, not '{'.\n")
    assert not (tmp_path / "manifest.json").exists()
