"""A clone of this repository in which somebody works, and from which commits are pushed to a platform."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline.local.layout import ROOT
from pipeline.local.runner.history import History
from pipeline.local.runner.record import Record
from pipeline.local.runner.repository import Repository
from tests.e2e.platform import Platform

WHO = {"NAME": "Ada Lovelace", "EMAIL": "ada@example.com"}


class Clone:
    """A clone in a folder of its own; every commit of it is made and pushed as a person does."""

    def __init__(self, folder: Path, platform: Platform) -> None:
        self._folder = folder
        self._platform = platform
        self._git(folder.parent, "clone", "--quiet", "--shared", str(ROOT), str(folder))
        self.history = History(platform.layout.state / "pipeline" / "executions")

    def replace(self, file: str, old: str, new: str) -> None:
        """Change one place of a file; fails where it is not there, or is there twice."""
        text = (self._folder / file).read_text()
        assert text.count(old) == 1, f"{file} has {old!r} {text.count(old)} times"
        (self._folder / file).write_text(text.replace(old, new))

    def run(self, *words: str) -> None:
        """Run a module with this repository's Python and the clone's code."""
        subprocess.run([sys.executable, "-m", *words], cwd=self._folder, check=True)  # noqa: S603

    def commit(self, subject: str) -> str:
        """Commit all that was changed, or nothing at all, and return the commit."""
        self._git(self._folder, "commit", "--quiet", "--all", "--allow-empty", "--message", subject)
        return self.head

    @property
    def head(self) -> str:
        """The commit that is checked out."""
        return self._git(self._folder, "rev-parse", "HEAD").stdout.strip()

    def back_to(self, commit: str) -> None:
        """Have the content of another commit, to be committed on top of what was pushed."""
        self._git(self._folder, "checkout", "--quiet", commit, "--", ".")

    def push(self, *options: str) -> str:
        """Push, and return what the push said when its execution had ended."""
        with self.pushing(*options) as push:
            said, _ = push.communicate()
        assert push.returncode == 0, said
        return said

    def pushing(self, *options: str, commit: str = "HEAD", branch: str = "main") -> subprocess.Popen[str]:
        """Begin to push a commit to a branch."""
        address = str(Repository.of(self._platform.layout).folder)
        return subprocess.Popen(  # noqa: S603
            ["git", "push", *options, address, f"{commit}:refs/heads/{branch}"],  # noqa: S607
            cwd=self._folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def records(self, commit: str) -> Sequence[Record]:
        """The executions of a commit."""
        return [record for record in self.history.records() if record.commit == commit]

    def record(self, commit: str) -> Record:
        """The one execution that a push of a commit led to; what was deployed by hand is none."""
        (record,) = [r for r in self.records(commit) if r.cause != "deployed by hand"]
        return record

    @staticmethod
    def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            ["git", "-C", str(folder), *arguments],  # noqa: S607
            env=_environment(),
            check=True,
            capture_output=True,
            text=True,
        )


def _environment() -> dict[str, str]:
    given = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "MAKE"))}
    return given | {
        f"GIT_{who}_{key}": value for who in ("AUTHOR", "COMMITTER") for key, value in WHO.items()
    }
