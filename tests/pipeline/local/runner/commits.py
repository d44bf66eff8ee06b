"""A bare repository with a few commits."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ENVIRONMENT = {
    **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_AUTHOR_DATE": "2026-07-01T14:00:00+02:00",
    "GIT_COMMITTER_NAME": "C",
    "GIT_COMMITTER_EMAIL": "c@example.com",
}


class Commits:
    """A repository to which a test commits sets of files."""

    def __init__(self, folder: Path) -> None:
        self._work = folder / "work"
        self._work.mkdir()
        self.repository = self._work / ".git"
        self._git("init", "--quiet")

    def commit(self, files: dict[str, str], message: str = "A change\n\nAnd why.") -> str:
        """Commit these files and no others, and return the commit."""
        self._git("rm", "-r", "--quiet", "--ignore-unmatch", ".")
        for name, content in files.items():
            (self._work / name).parent.mkdir(parents=True, exist_ok=True)
            (self._work / name).write_text(content)
        self._git("add", "--all", "--force")
        self._git("commit", "--quiet", "--message", message)
        return self._git("rev-parse", "HEAD")

    def _git(self, *arguments: str) -> str:
        command = ["git", "-C", str(self._work), *arguments]
        done = subprocess.run(  # noqa: S603 - git
            command, env=ENVIRONMENT, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()


def files(folder: Path) -> dict[str, str]:
    """Return the content of every file of a folder by its path."""
    return {str(p.relative_to(folder)): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file()}
