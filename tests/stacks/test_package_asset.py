"""A package as a Lambda asset: what is in it, and that equal sources are equal assets."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from stacks.package_asset import package_asset


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    inner = tmp_path / "outer" / "inner"
    (inner / "__pycache__").mkdir(parents=True)
    (inner / "__pycache__" / "answer.cpython-311.pyc").write_bytes(b"of this machine")
    (inner / "notes.txt").write_text("not shipped")
    (inner / "__init__.py").write_text("")
    (inner / "answer.py").write_text("from outer.inner import question\nprint(question.TEXT)\n")
    (inner / "question.py").write_text("TEXT = 'why'\n")
    (tmp_path / "outer" / "__init__.py").write_text("")
    (tmp_path / "outer" / "other.py").write_text("not shipped either")
    return tmp_path


def files(asset: Path) -> set[str]:
    return {file.relative_to(asset).as_posix() for file in asset.rglob("*") if file.is_file()}


def test_the_modules_of_the_package_are_shipped_and_nothing_else(repository: Path) -> None:
    asset = package_asset("outer.inner", repository=repository)
    modules = {"answer", "question", "__init__"}
    assert files(asset) == {"outer/__init__.py", *(f"outer/inner/{each}.py" for each in modules)}


def test_what_is_shipped_runs_alone(repository: Path) -> None:
    asset = package_asset("outer.inner", repository=repository)
    command = [sys.executable, "-S", "-B", "-m", "outer.inner.answer"]
    said = subprocess.run(command, cwd=asset, capture_output=True, text=True, check=True)  # noqa: S603 - above
    assert said.stdout == "why\n"


def test_equal_sources_are_one_asset_and_a_changed_one_is_another(repository: Path) -> None:
    first = package_asset("outer.inner", repository=repository)
    (repository / "outer" / "other.py").write_text("changed")
    (repository / "outer" / "inner" / "__pycache__" / "question.cpython-311.pyc").write_bytes(b"later")
    os.utime(repository / "outer" / "inner" / "question.py", (1, 1))
    assert package_asset("outer.inner", repository=repository) == first
    (repository / "outer" / "inner" / "question.py").write_text("TEXT = 'how'\n")
    assert package_asset("outer.inner", repository=repository) != first


def test_a_file_that_moves_makes_another_asset(repository: Path) -> None:
    first = package_asset("outer.inner", repository=repository)
    (repository / "outer" / "inner" / "question.py").rename(repository / "outer" / "inner" / "asked.py")
    assert package_asset("outer.inner", repository=repository) != first


def test_lambda_may_read_it_whatever_the_umask_is(repository: Path) -> None:
    before = os.umask(0o077)
    try:
        asset = package_asset("outer.inner", repository=repository)
    finally:
        os.umask(before)
    modes = {path.stat().st_mode & 0o777 for path in (asset, *asset.rglob("*")) if path.is_dir()}
    assert modes == {0o755}
    assert {path.stat().st_mode & 0o777 for path in asset.rglob("*.py")} == {0o644}


def test_a_package_that_is_not_there_is_refused(repository: Path) -> None:
    with pytest.raises(ValueError, match=r"outer\.none has no modules"):
        package_asset("outer.none", repository=repository)
