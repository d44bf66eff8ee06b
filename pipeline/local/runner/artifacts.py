"""Moves files between builds: what one leaves becomes an artifact, and another gets a copy of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from pipeline.local.runner.action import ActionFailed
from pipeline.local.runner.buildspec import Files


def collect(files: Files, *, of: Path, to: Path) -> None:
    """Keep the files that a build leaves as an artifact; an artifact that is there is replaced.

    They are hard links where the file system has them: nothing may write to the build's own afterwards.

    Raises:
        ActionFailed: there are none.
    """
    base = of / files.base
    if not base.is_dir():
        raise ActionFailed(f"The build left no folder {files.base} for its artifact.")
    shutil.rmtree(to, ignore_errors=True)
    new = to.with_name(f"{to.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    found = False
    for pattern in files.patterns:
        for path in _matching(base, pattern):
            found = True
            target = new / path.relative_to(base)
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                _link(path, target)
    if not found:
        raise ActionFailed(
            f"The build left no file in {files.base} that matches {', '.join(files.patterns)}."
        )
    new.replace(to)


def copied(artifact: Path, *, to: Path) -> Path:
    """Copy an artifact to a folder, which is replaced if it is there, and return the folder.

    Raises:
        ActionFailed: there is no such artifact.
    """
    if not artifact.is_dir():
        raise ActionFailed(f"There is no artifact {artifact.name}.")
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(artifact, to, symlinks=True)
    return to


def _matching(base: Path, pattern: str) -> Iterator[Path]:
    for path in base.glob(pattern):
        if path.is_symlink() or path.is_file():
            yield path


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(path, target, follow_symlinks=False)
