"""The asset: the same bytes each time, whole, and importable with nothing else installed."""

import hashlib
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from stacks import bundling
from stacks.bundling import LOCK, REPOSITORY, BundleError, Target, bundle

IMPORT = """
import sys
asset = sys.argv[1]
sys.path.insert(0, asset)
import boto3, lambdas.provisioning.backup_opt_in, lambdas.provisioning.table_stream
from lambdas.recovery.handlers import validate, watch
from lambdas.users.handlers import batch, crud, query, stream
for service in ("backup", "dynamodb", "events"):
    boto3.client(service, region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
installed = [m.__file__ for n, m in sys.modules.items() if n.split(".")[0] in {"boto3", "msgspec", "lambdas"}]
assert installed and all(file.startswith(asset) for file in installed if file), installed
"""


@pytest.fixture(scope="module")
def local() -> Path:
    return bundle(Target.this_machine())


@pytest.fixture(scope="module")
def aws() -> Path:
    return bundle(Target.aws())


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of what a bundle is made from."""
    return copy_of_the_repository(tmp_path / "repository")


def copy_of_the_repository(directory: Path) -> Path:
    (directory / LOCK).parent.mkdir(parents=True)
    shutil.copy(REPOSITORY / LOCK, directory / LOCK)
    shutil.copytree(REPOSITORY / "lambdas", directory / "lambdas")
    return directory


def contents(directory: Path) -> dict[str, str]:
    return {
        str(file.relative_to(directory)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in directory.rglob("*")
        if file.is_file()
    }


def test_two_builds_in_two_places_have_the_same_bytes(repository: Path, local: Path) -> None:
    again = bundle(Target.this_machine(), repository=repository)
    assert again != local
    assert contents(again) == contents(local)


def test_the_handlers_import_from_the_asset_alone(local: Path) -> None:
    command = [sys.executable, "-I", "-S", "-c", IMPORT, str(local)]
    subprocess.run(command, check=True)  # noqa: S603 - the line above


def test_a_bundle_that_is_there_is_not_built_again(local: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundling, "_install", None)
    assert bundle(Target.this_machine()) == local


def test_a_bundle_for_this_machine_has_bytecode_for_each_source(local: Path) -> None:
    sources = [path for path in contents(local) if path.endswith(".py")]
    bytecode = [path for path in contents(local) if path.endswith(".pyc")]
    assert len(bytecode) == len(sources) > 100


def test_a_bundle_for_aws_has_wheels_of_its_own_platform(aws: Path) -> None:
    libraries = {path for path in contents(aws) if path.endswith(".so")}
    assert libraries
    assert all("cpython-314-aarch64" in library for library in libraries)


@pytest.mark.skipif(Target.aws().runs_our_bytecode, reason="this interpreter compiles for Lambda")
def test_a_bundle_for_another_python_has_no_bytecode(aws: Path) -> None:
    assert not [path for path in contents(aws) if path.endswith(".pyc")]


def test_only_the_services_in_use_are_described(local: Path) -> None:
    data = {path.name.removesuffix(".gz") for path in (local / "botocore" / "data").iterdir()}
    assert data == set(bundling.BOTOCORE_DATA)


def test_nothing_in_it_names_this_machine(local: Path) -> None:
    assert not (local / "bin").exists()
    assert {path.name for path in local.glob("*.dist-info/*")} == {"METADATA"}


def test_everybody_may_read_it(local: Path) -> None:
    modes = {path.stat().st_mode & 0o777 for path in local.rglob("*") if path.is_file()}
    assert modes == {0o644}


@pytest.mark.parametrize("changed", ["lambdas/users/settings.py", str(LOCK)])
def test_a_changed_input_is_another_bundle(
    repository: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    monkeypatch.setattr(bundling, "_install", pretend_to_install)
    before = bundle(Target.aws(), repository=repository)
    with (repository / changed).open("a") as file:
        file.write("\n# changed\n")
    assert bundle(Target.aws(), repository=repository) != before


def test_two_builders_at_once_agree(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both_are_building = threading.Barrier(2, timeout=30)

    def install(target: Target, lock: Path, directory: Path) -> None:
        pretend_to_install(target, lock, directory)
        both_are_building.wait()

    monkeypatch.setattr(bundling, "_install", install)
    with ThreadPoolExecutor() as pool:
        builders = [pool.submit(bundle, Target.aws(), repository=repository) for _ in range(2)]
    (built,) = {builder.result() for builder in builders}
    assert (built / "lambdas/users/settings.py").is_file()
    assert [path.name for path in built.parent.iterdir()] == [built.name]


def test_a_lock_that_cannot_be_installed_is_reported_in_one_line(repository: Path) -> None:
    (repository / LOCK).write_text("msgspec==0.22.0\n")
    with pytest.raises(BundleError) as failure:
        bundle(Target.this_machine(), repository=repository)
    assert " -m uv pip install " in str(failure.value)
    assert "--require-hashes" in str(failure.value).rpartition(": ")[0]
    assert "\n" not in str(failure.value)
    assert not list((repository / bundling.BUNDLES).iterdir())


def pretend_to_install(_target: Target, _lock: Path, directory: Path) -> None:
    (directory / "botocore" / "data").mkdir(parents=True)
