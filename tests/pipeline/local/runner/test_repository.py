"""The bare repository takes what may be pushed, and hands it on."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.local.layout import Layout
from pipeline.local.runner.repository import Repository


def git(folder: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    given = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    name = {"NAME": "Ada", "EMAIL": "ada@example.com"}
    authors = {f"GIT_{who}_{key}": value for who in ("AUTHOR", "COMMITTER") for key, value in name.items()}
    return subprocess.run(  # noqa: S603
        ["git", "-C", str(folder), *arguments],  # noqa: S607
        check=check,
        text=True,
        capture_output=True,
        env=given | authors | {"GIT_CONFIG_GLOBAL": "/dev/null"},
    )


def commit(clone: Path, text: str) -> str:
    (clone / "file").write_text(text)
    git(clone, "add", "file")
    git(clone, "commit", "--quiet", "--message", text)
    return git(clone, "rev-parse", "HEAD").stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone whose Python, as the hooks start it, writes down what it was asked and told."""
    clone = tmp_path / "a clone"
    python = clone / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\n(echo "$@"; cat; env | grep ^GIT_) >> {tmp_path}/told\n')
    python.chmod(0o755)
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(clone))
    commit(clone, "First")
    return clone


@pytest.fixture
def layout(clone: Path) -> Layout:
    state = clone / ".local"
    state.mkdir()
    (state / "home").write_text(str(clone))
    return Layout(port=9080, state=state)


def test_the_clone_gets_a_remote_that_takes_pushes(clone: Path, layout: Layout) -> None:
    repository = Repository.of(layout)
    head = repository.prepare(layout)
    assert repository.address == "local"
    assert repository.head() is None
    git(clone, "push", "--quiet", "local", "main")
    assert repository.head() == head


def test_the_hooks_are_told_what_was_pushed_and_with_which_option(clone: Path, layout: Layout) -> None:
    Repository.of(layout).prepare(layout)
    head = git(clone, "rev-parse", "HEAD").stdout.strip()
    git(clone, "push", "--quiet", "--push-option=approve", "local", "main")
    told = (clone.parent / "told").read_text()
    state = f"--port 9080 --state {layout.state}"
    assert f"-m pipeline.local.runner check {state}" in told
    assert f"-m pipeline.local.runner receive {state}" in told
    assert told.count(f"{'0' * 40} {head} refs/heads/main") == 2
    assert "GIT_PUSH_OPTION_0=approve" in told
    assert "GIT_DIR" not in told


def test_a_hook_that_refuses_leaves_the_branch(clone: Path, layout: Layout) -> None:
    repository = Repository.of(layout)
    repository.prepare(layout)
    (clone / ".venv/bin/python").write_text("#!/bin/sh\necho not today\nexit 1\n")
    pushed = git(clone, "push", "local", "main", check=False)
    assert pushed.returncode != 0
    assert "remote: not today" in pushed.stderr
    assert repository.head() is None


def test_history_is_neither_rewritten_nor_deleted(clone: Path, layout: Layout) -> None:
    repository = Repository.of(layout)
    first = repository.prepare(layout)
    commit(clone, "Second")
    git(clone, "push", "--quiet", "local", "main")
    assert git(clone, "push", "--force", "local", f"{first}:main", check=False).returncode != 0
    assert git(clone, "push", "local", ":main", check=False).returncode != 0


def test_what_is_checked_out_is_known_before_the_first_push(clone: Path, layout: Layout) -> None:
    repository = Repository.of(layout)
    head = repository.prepare(layout)
    assert head is not None
    assert repository.described(head)[0] == "First"
    second = commit(clone, "Second")
    assert repository.prepare(layout) == second
    assert repository.is_ancestor(head, second)
    assert not repository.is_ancestor(second, head)
    assert not repository.is_ancestor("0" * 40, head)


def test_a_remote_of_that_name_that_leads_elsewhere_is_left_alone(clone: Path, layout: Layout) -> None:
    git(clone, "remote", "add", "local", "/elsewhere")
    repository = Repository.of(layout)
    repository.prepare(layout)
    assert git(clone, "remote", "get-url", "local").stdout.strip() == "/elsewhere"
    assert repository.address == str(repository.folder)


def test_a_platform_in_another_folder_adds_no_remote(clone: Path, layout: Layout, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state/home").write_text(str(clone))
    elsewhere = replace(layout, state=tmp_path / "state")
    Repository.of(elsewhere).prepare(elsewhere)
    assert git(clone, "remote").stdout == ""


def test_a_folder_that_is_no_clone_has_nothing_to_push(tmp_path: Path) -> None:
    (tmp_path / "home").write_text(str(tmp_path))
    layout = Layout(state=tmp_path)
    assert Repository.of(layout).prepare(layout) is None


def test_a_shallow_clone_can_push(clone: Path, tmp_path: Path) -> None:
    commit(clone, "Second")
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{clone}", str(shallow))
    state = shallow / ".local"
    state.mkdir()
    (state / "home").write_text(str(shallow))
    python = shallow / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    layout = Layout(state=state)
    repository = Repository.of(layout)
    head = repository.prepare(layout)
    git(shallow, "push", "--quiet", "local", "main")
    assert repository.head() == head
