"""A platform whose bare repository has one commit, that of the clone it was started from."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline.local.layout import Layout
from pipeline.local.runner.repository import Repository
from tests.pipeline.local.runner.commits import Commits
from tests.ports import free_ports


def pushable(folder: Path) -> tuple[Layout, str]:
    """Return the platform, of which nothing runs, and the commit; its hooks are of no use.

    It is a copy of one that is made once for all tests, as git is started a dozen times for it.
    """
    made = folder.parent / "pushable"
    if not made.exists():
        made.mkdir()
        _make(made)
    shutil.copytree(made, folder, dirs_exist_ok=True, symlinks=True)
    layout = _layout(folder)
    return layout, (folder / "commit").read_text()


def _make(folder: Path) -> None:
    commits = Commits(folder)
    (folder / "commit").write_text(commits.commit({"file": "first"}, "Begin"))
    (folder / "state").mkdir()
    layout = _layout(folder)
    Repository.of(layout).prepare(layout)


def _layout(folder: Path) -> Layout:
    layout = Layout(port=free_ports(6), state=folder / "state")
    layout.home_file.write_text(str(folder / "work"))
    return layout
