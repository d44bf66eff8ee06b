"""The one checkout that builds run in: a commit's files and no others, but for what was installed there."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from pipeline.local.errors import LocalError
from pipeline.local.runner.uncut import uncut

# What an install leaves, and what it brings up to date itself when a lock has changed.
KEPT = (".venv", ".venv-emulator", ".venv-audit", "node_modules")
SETTINGS = ("core.hooksPath=/dev/null", "core.fsmonitor=false", "core.autocrlf=false", "core.fileMode=true")


class CheckoutError(LocalError):
    """A commit cannot be checked out; the message has git's words."""


class Checkout:
    """A checkout that builds of one commit share, and that builds of another wait for."""

    def __init__(self, repository: Path, folder: Path) -> None:
        self._repository = repository
        self._folder = folder
        self._changed = asyncio.Condition()
        self._users = 0
        self._commit = ""

    @asynccontextmanager
    async def at(self, commit: str) -> AsyncIterator[Path]:
        """Hold the checkout at a commit for the length of the block, which gets its folder.

        Whoever comes to an idle checkout finds it clean; who comes while it is used shares it as it is.

        Raises:
            CheckoutError: there is no such commit.
        """
        async with self._changed:
            await self._changed.wait_for(lambda: not self._users or self._commit == commit)
            if not self._users:
                await check_out(self._repository, commit, self._folder)
                self._commit = commit
            self._users += 1
        try:
            yield self._folder
        finally:
            async with self._changed:
                self._users -= 1
                self._changed.notify_all()


async def check_out(repository: Path, commit: str, to: Path) -> None:
    """Bring a folder to a commit of a bare repository; only what installs have left is kept beside its files.

    The folder is no clone, as that of a build on AWS is none; git's index of it lies beside it. What was
    changed there is undone, and where git finds the folder broken it is made anew. Nothing is asked of the
    person's own git configuration.

    Raises:
        CheckoutError: there is no such commit.
    """
    await git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}")
    try:
        await _bring(repository, commit, to)
    except (CheckoutError, OSError):
        await asyncio.to_thread(_remove, to)
        await _bring(repository, commit, to)


async def clean(repository: Path, to: Path) -> None:
    """Remove from a checkout all that its commit has not, but for what installs have left.

    Raises:
        CheckoutError: git cannot.
    """
    kept = [f"--exclude=/{name}" for name in KEPT]
    await git(repository, "clean", "--quiet", "-ffdx", *kept, work_tree=to)


async def described(repository: Path, commit: str) -> tuple[str, str]:
    """Return the message of a commit and when it was written, in UTC as `2026-07-01T12:00:00Z`.

    Raises:
        CheckoutError: there is no such commit.
    """
    when = "--date=format-local:%Y-%m-%dT%H:%M:%SZ"
    said = await git(repository, "log", "-1", when, "--format=%ad%n%B", "--end-of-options", commit)
    date, _, message = said.partition("\n")
    return message.strip(), date


async def _bring(repository: Path, commit: str, to: Path) -> None:
    if not to.is_dir() or not _index(to).exists():
        await asyncio.to_thread(_remove, to)
        to.mkdir(parents=True)
    else:
        await clean(repository, to)
    await git(repository, "read-tree", "--reset", "-u", "--no-recurse-submodules", commit, work_tree=to)


def _remove(to: Path) -> None:
    for path in (_index(to), _index(to).with_name(f"{_index(to).name}.lock")):
        path.unlink(missing_ok=True)
    if to.is_dir() and not to.is_symlink():
        shutil.rmtree(to)
    else:
        to.unlink(missing_ok=True)


def _index(to: Path) -> Path:
    return to.with_name(f"{to.name}.index")


async def git(repository: Path, *arguments: str, work_tree: Path | None = None) -> str:
    """Run git on a bare repository, by its configuration alone, and return what it says.

    Raises:
        CheckoutError: it failed.
    """
    variables = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    variables |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "TZ": "UTC", "LC_ALL": "C"}
    command = ["git", f"--git-dir={repository}"]
    for setting in SETTINGS:
        command += ["-c", setting]
    if work_tree is not None:
        command += ["-c", "core.bare=false", f"--work-tree={work_tree}"]
        variables["GIT_INDEX_FILE"] = str(_index(work_tree))
    done = await uncut(asyncio.to_thread(_run, [*command, *arguments], work_tree or repository, variables))
    if done.returncode:
        words = done.stderr.strip() or f"status {done.returncode}"
        raise CheckoutError(f"git {arguments[0]} of {arguments[-1]} failed: {words}")
    return done.stdout


def _run(
    command: Sequence[str], cwd: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        start_new_session=True,
    )
