"""An artifact is what the patterns say of what a build left, and the next build has a copy of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.local.runner.action import ActionFailed
from pipeline.local.runner.artifacts import collect, copied
from pipeline.local.runner.buildspec import Files
from tests.pipeline.local.runner.commits import files


@pytest.fixture
def left(tmp_path: Path) -> Path:
    for name in ("out/a", "out/.hidden", "out/sub/b.json", "out/sub/deep/c", "beside"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "out" / "link").symlink_to("a")
    return tmp_path


@pytest.mark.parametrize(
    ("patterns", "found"),
    [
        (("**/*",), [".hidden", "a", "link", "sub/b.json", "sub/deep/c"]),
        (("sub/*",), ["sub/b.json"]),
        (("a", "sub/**/*", "a"), ["a", "sub/b.json", "sub/deep/c"]),
    ],
)
def test_an_artifact_has_the_files_that_match(
    left: Path, patterns: tuple[str, ...], found: list[str]
) -> None:
    to = left / "artifacts" / "Out"
    to.mkdir(parents=True)
    (to / "of-before").touch()
    collect(Files(base="out", patterns=patterns), of=left, to=to)
    assert list(files(to)) == found
    assert (to / "link").is_symlink() == ("link" in found)


def test_it_stays_when_the_build_is_cleaned(left: Path) -> None:
    collect(Files(base="out", patterns=("a",)), of=left, to=left / "Out")
    (left / "out" / "a").unlink()
    assert files(left / "Out") == {"a": "out/a"}


@pytest.mark.parametrize(("base", "named"), [("none", "no folder none"), ("out", "matches x")])
def test_an_artifact_of_nothing_is_a_failure_and_leaves_none(left: Path, base: str, named: str) -> None:
    with pytest.raises(ActionFailed, match=named):
        collect(Files(base=base, patterns=("x",)), of=left, to=left / "Out")
    assert not (left / "Out").exists()


def test_a_build_that_writes_to_its_input_leaves_the_artifact_alone(left: Path) -> None:
    to = copied(left / "out", to=left / "copy")
    assert files(to) == files(left / "out")
    (to / "a").write_text("changed")
    assert (left / "out" / "a").read_text() == "out/a"


def test_an_artifact_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ActionFailed, match="no artifact Missing"):
        copied(tmp_path / "Missing", to=tmp_path / "copy")
