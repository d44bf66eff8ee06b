"""One package of this repository as a Lambda asset: its own modules, and nothing that is installed."""

import hashlib
from collections.abc import Mapping
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from stacks.bundling import REPOSITORY

ASSETS = Path(".build", "packages")


def package_asset(package: str, *, repository: Path = REPOSITORY) -> Path:
    """The directory to ship for a package (`pipeline.measures`), made where it is not there yet.

    For functions that need the standard library and the boto3 of Lambda's own Python alone. It has the
    modules of the package, and of those around it only what makes them packages. It is named by what is in
    it, and no bytecode of this machine is. Raises ValueError for a package that has no modules.
    """
    sources = _sources(package, repository)
    finished = repository / ASSETS / _key(sources)
    if finished.is_dir():
        return finished
    finished.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".unfinished-", dir=finished.parent) as scratch:
        unfinished = Path(scratch, "asset")
        for path, source in sources.items():
            _write(unfinished, path, source)
        try:
            unfinished.rename(finished)
        except OSError:  # somebody else was faster, with the same bytes
            if not finished.is_dir():
                raise
    return finished


def _sources(package: str, repository: Path) -> Mapping[PurePath, bytes]:
    """The modules of a package, and the `__init__.py` of each package around it, by path."""
    folder = repository.joinpath(*package.split("."))
    files = sorted(folder.rglob("*.py"))
    if not files:
        raise ValueError(f"{package} has no modules.")
    around = [each / "__init__.py" for each in folder.parents if repository in each.parents]
    return {file.relative_to(repository): file.read_bytes() for file in (*around, *files)}


def _key(sources: Mapping[PurePath, bytes]) -> str:
    """A name that changes with the sources, and with this recipe."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path, source in sources.items():
        for part in (path.as_posix().encode(), source):
            digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:32]


def _write(directory: Path, path: PurePath, source: bytes) -> None:
    """Write one file, with one mode whatever the umask: Lambda reads an asset as another user."""
    copy = directory / path
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(source)
    copy.chmod(0o644)
    for folder in copy.relative_to(directory).parents:
        (directory / folder).chmod(0o755)
