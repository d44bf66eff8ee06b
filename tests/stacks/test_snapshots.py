"""A change to a stack is seen by whoever reviews it. `--snapshot-update` accepts what there is now."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from tests.stacks.assembly import Assembly
from tests.stacks.masks import masked

STACKS = (
    "BetaData-Data",
    "BetaPrimary-Api",
    "BetaPrimary-Backup",
    "BetaPrimary-Events",
    "BetaPrimary-Experiments",
    "BetaPrimary-Observability",
    "BetaPrimary-Switch",
    "BetaRouting-Routing",
)
ASSET = "a30634632366b1d9eacfdbc95ef9a1a6f401c46e71c354104a9568c534d0d27d"
PLANTED = """
from syrupy.extensions.json import JSONSnapshotExtension

def test_first(snapshot):
    assert {value!r} == snapshot.use_extension(JSONSnapshotExtension)
"""


@pytest.mark.parametrize("name", STACKS)
def test_a_stack_is_as_it_was_reviewed(assembly: Assembly, snapshot: SnapshotAssertion, name: str) -> None:
    assert masked(assembly.stacks[name].template) == snapshot.use_extension(JSONSnapshotExtension)


def test_there_is_one_of_each_kind_of_stack(assembly: Assembly) -> None:
    assert {name.partition("-")[2] for name in assembly.stacks} == {name.partition("-")[2] for name in STACKS}


def test_what_changes_with_the_code_is_masked() -> None:
    version = "CrudFunctionCurrentVersionE1AEF513e896d9a63da5253277d58fe2a4959010"
    template = {
        "Resources": {
            version: {"Type": "AWS::Lambda::Version"},
            "Alias": {
                "Properties": {"Version": {"Fn::GetAtt": [version, "Version"]}},
                "Type": "AWS::Lambda::Alias",
            },
            "Code": {"Type": "AWS::Lambda::Function", "Properties": {"S3Key": f"{ASSET}.zip"}},
        },
        "Parameters": {"BootstrapVersion": {}},
        "Rules": {},
    }
    assert masked(template) == {
        "Resources": {
            "CrudFunctionCurrentVersionE1AEF513HASH": {"Type": "AWS::Lambda::Version"},
            "Alias": {
                "Properties": {
                    "Version": {"Fn::GetAtt": ["CrudFunctionCurrentVersionE1AEF513HASH", "Version"]}
                },
                "Type": "AWS::Lambda::Alias",
            },
            "Code": {"Type": "AWS::Lambda::Function", "Properties": {"S3Key": "ASSET.zip"}},
        }
    }


def test_what_names_a_thing_for_good_is_not_masked() -> None:
    template = {"Resources": {"UsersTable695FA693": {"Type": "AWS::DynamoDB::GlobalTable"}}}
    assert masked(template) == template


def test_a_snapshot_that_is_missing_or_changed_fails(tmp_path: Path) -> None:
    file = tmp_path / "test_planted.py"
    file.write_text(PLANTED.format(value={"a": 1}))
    assert "does not exist" in _run(tmp_path, fails=True)
    assert "1 snapshot generated" in _run(tmp_path, "--snapshot-update", fails=False)
    assert "1 passed" in _run(tmp_path, fails=False)
    file.write_text(PLANTED.format(value={"a": 2}))
    assert "1 failed" in _run(tmp_path, fails=True)


def _run(folder: Path, *options: str, fails: bool) -> str:
    """What pytest says to the test in a folder."""
    plugins = ["-p", "no:cacheprovider", "-p", "syrupy"]
    result = subprocess.run(  # noqa: S603 - the test above
        [sys.executable, "-m", "pytest", *plugins, "-q", "--rootdir", ".", *options],
        cwd=folder,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode != 0) == fails, result.stdout + result.stderr
    return result.stdout
