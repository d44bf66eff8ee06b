"""The bare repository that takes pushes on this machine, and the clone's remote that leads there."""

from __future__ import annotations

import os
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout

REMOTE = "local"
BRANCH = "main"
SETTINGS = {
    "core.hooksPath": "hooks",  # whatever the person's own configuration says
    "receive.advertisePushOptions": "true",
    "receive.autogc": "false",  # nothing goes on after a push
    "receive.denyDeletes": "true",
    "receive.denyNonFastForwards": "true",
    "receive.shallowUpdate": "true",
}
HOOKS = {"pre-receive": "check", "post-receive": "receive"}


@dataclass(frozen=True, kw_only=True)
class Repository:
    """Where commits are pushed to: `folder` is a bare repository, and `home` the clone that made it."""

    folder: Path
    home: Path

    @classmethod
    def of(cls, layout: Layout) -> Repository:
        """The repository of a platform, made already or not."""
        return cls(folder=layout.state / "pipeline" / "repository.git", home=layout.home)

    def prepare(self, layout: Layout) -> str | None:
        """Make it, or bring its hooks up to date, and fetch what the clone has checked out.

        Returns the commit that the clone has checked out, None for a folder that is no clone: then there is
        nothing to push from. The clone's remote is added for the platform in the clone's own folder only,
        and one of that name that leads elsewhere is left alone.

        Raises:
            LocalError: git refused.
        """
        head = self._head()
        if head is None:
            return None
        if not (self.folder / "HEAD").exists():
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            _git(self.home, "init", "--quiet", "--bare", f"--initial-branch={BRANCH}", str(self.folder))
        for key, value in SETTINGS.items():
            _git(self.folder, "config", key, value)
        for hook, command in HOOKS.items():
            self._write_hook(hook, command, layout)
        taken = "+HEAD:refs/deployed/by-hand"
        _git(self.folder, "fetch", "--quiet", "--no-tags", "--update-shallow", str(self.home), taken)
        if layout.state == self.home / ".local" and self._remote() is None:
            _git(self.home, "remote", "add", REMOTE, str(self.folder))
        return head

    @property
    def address(self) -> str:
        """What to push to: the remote's name where it leads here, else the folder."""
        return REMOTE if self._remote() == str(self.folder) else str(self.folder)

    def head(self) -> str | None:
        """The commit that was pushed last, None before the first push."""
        return _answer(self.folder, "rev-parse", "--verify", "--quiet", f"refs/heads/{BRANCH}")

    def is_ancestor(self, commit: str, of: str) -> bool:
        """Tell whether a commit is another one, or comes before it; an unknown one does not."""
        return _answer(self.folder, "merge-base", "--is-ancestor", commit, of) is not None

    def described(self, commit: str) -> tuple[str, float]:
        """The subject of a commit, and when it was made in seconds since the epoch.

        Raises:
            LocalError: there is no such commit.
        """
        when, _, subject = _git(self.folder, "log", "-1", "--format=%ct %s", commit).partition(" ")
        return subject.strip(), float(when)

    def _head(self) -> str | None:
        top = _answer(self.home, "rev-parse", "--show-toplevel")
        if top is None or Path(top).resolve() != self.home.resolve():
            return None
        return _answer(self.home, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")

    def _remote(self) -> str | None:
        return _answer(self.home, "config", "--get", f"remote.{REMOTE}.url")

    def _write_hook(self, hook: str, command: str, layout: Layout) -> None:
        """Write a hook that runs this program, free of what git tells its hooks about the repository."""
        words = [str(self.home / ".venv/bin/python"), "-m", "pipeline.local.runner", command]
        words += ["--port", str(layout.port), "--state", str(layout.state)]
        lines = [
            "#!/bin/sh",
            "unset $(git rev-parse --local-env-vars)",
            f"cd {shlex.quote(str(self.home))} && exec {shlex.join(words)}",
        ]
        file, temporary = self.folder / "hooks" / hook, self.folder / "hooks" / f"{hook}.new"
        file.parent.mkdir(exist_ok=True)
        temporary.write_text("\n".join(lines) + "\n")
        temporary.chmod(0o755)
        temporary.replace(file)


def _git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it says; raises LocalError with its own words."""
    done = _run(folder, *arguments)
    if done.returncode:
        raise LocalError(f"git {arguments[0]} in {folder} failed: {done.stderr.strip()}")
    return done.stdout.strip()


def _answer(folder: Path, *arguments: str) -> str | None:
    """Run git in a folder and return what it says, None where it says no."""
    done = _run(folder, *arguments)
    return None if done.returncode else done.stdout.strip()


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    variables = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(  # noqa: S603 - our own command
        command, env=variables, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
