"""The checkout is the commit's files and what installs have left, whatever was there before."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pipeline.local.runner.checkout import Checkout, CheckoutError, check_out, clean, described
from tests.pipeline.local.runner.commits import Commits, files

FIRST = {"a": "1", "sub/b": "1", ".gitignore": "*.log\n.venv\n"}
SECOND = {"a": "2", "new/c": "2", ".gitignore": "*.log\n.venv\n"}


@pytest.fixture
def commits(tmp_path: Path) -> Commits:
    return Commits(tmp_path)


def bring(commits: Commits, commit: str, to: Path) -> dict[str, str]:
    asyncio.run(check_out(commits.repository, commit, to))
    return files(to)


def test_it_goes_from_one_commit_to_another_and_back(tmp_path: Path, commits: Commits) -> None:
    first, second = commits.commit(FIRST), commits.commit(SECOND)
    to = tmp_path / "checkout"
    assert [bring(commits, commit, to) for commit in (first, second, first)] == [FIRST, SECOND, FIRST]


def test_what_builds_changed_is_undone_and_what_installs_left_is_kept(
    tmp_path: Path, commits: Commits
) -> None:
    first, to = commits.commit(FIRST), tmp_path / "checkout"
    bring(commits, first, to)
    (to / "a").write_text("9")  # of the same size, perhaps within the same tick of the clock
    (to / "sub" / "b").unlink()
    (to / "x.log").touch()
    (to / "cdk.out" / ".git").mkdir(parents=True)
    (to / "new").touch()
    for kept in (".venv", ".venv-emulator", ".venv-audit", "node_modules"):
        (to / kept).mkdir()
        (to / kept / "f").write_text("kept")
    second = commits.commit(SECOND)
    kept_files = {f"{name}/f": "kept" for name in (".venv", ".venv-emulator", ".venv-audit", "node_modules")}
    assert bring(commits, first, to) == FIRST | kept_files
    assert not (to / "cdk.out").exists()
    assert bring(commits, second, to) == SECOND | kept_files
    (to / "x.log").touch()
    asyncio.run(clean(commits.repository, to))
    assert files(to) == SECOND | kept_files


@pytest.mark.parametrize("broken", ["index", "lock", "file", "nothing"])
def test_a_broken_checkout_is_made_anew(tmp_path: Path, commits: Commits, broken: str) -> None:
    first, to = commits.commit(FIRST), tmp_path / "checkout"
    if broken == "file":
        to.touch()
    else:
        bring(commits, first, to)
    if broken == "index":
        (tmp_path / "checkout.index").write_bytes(b"DIRC")
    elif broken == "lock":
        (tmp_path / "checkout.index.lock").touch()
    elif broken == "nothing":
        (tmp_path / "checkout.index").unlink()
    assert bring(commits, first, to) == FIRST


def test_the_persons_own_git_is_not_asked(
    tmp_path: Path, commits: Commits, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text("[core]\n autocrlf = true\n hooksPath = /nowhere\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "elsewhere"))
    commit = commits.commit({"a": "x\ny\n"})
    asyncio.run(check_out(commits.repository, commit, tmp_path / "checkout"))
    assert (tmp_path / "checkout" / "a").read_bytes() == b"x\ny\n"


def test_an_unknown_commit_is_an_error_and_changes_nothing(tmp_path: Path, commits: Commits) -> None:
    first, to = commits.commit(FIRST), tmp_path / "checkout"
    bring(commits, first, to)
    with pytest.raises(CheckoutError, match="0123abc"):
        bring(commits, "0123abc", to)
    assert files(to) == FIRST


def test_a_commit_is_described_with_its_time_in_utc(commits: Commits) -> None:
    found = asyncio.run(described(commits.repository, commits.commit(FIRST)))
    assert found == ("A change\n\nAnd why.", "2026-07-01T12:00:00Z")


def test_builds_of_one_commit_share_it_and_another_commit_waits(tmp_path: Path, commits: Commits) -> None:
    first, second, to = commits.commit(FIRST), commits.commit(SECOND), tmp_path / "checkout"

    async def scene() -> list[str]:
        shared, said = Checkout(commits.repository, to), list[str]()

        async def other() -> None:
            async with shared.at(second):
                said.append(f"second {files(to) == SECOND}")

        async with shared.at(first):
            (to / "left").write_text("by the one who came first")
            waiting = asyncio.ensure_future(other())
            for _ in range(20):
                await asyncio.sleep(0)
            async with shared.at(first):
                said.append((to / "left").read_text())
            said.append(f"waits {not waiting.done()}")
        await waiting
        return said

    assert asyncio.run(scene()) == ["by the one who came first", "waits True", "second True"]
