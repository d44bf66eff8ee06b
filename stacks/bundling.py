"""The folder lambdas/ and its dependencies as one Lambda asset, built without Docker."""

import hashlib
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Self

from stacks.refused import Refused

REPOSITORY = Path(__file__).parent.parent
LOCK = Path("requirements", "runtime.txt")
BUNDLES = Path(".build", "lambda")

# The service models that the functions use, and the files that botocore reads for every client.
BOTOCORE_DATA = frozenset(
    {
        "_retry.json",
        "backup",
        "dynamodb",
        "endpoints.json",
        "events",
        "partitions.json",
        "sdk-default-configuration.json",
    }
)


class BundleError(Refused):
    """The asset could not be built."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a bundle will run.

    `machine` is arm64 or x86_64. `wheels` is the platform as uv names it, or None for this interpreter's own.
    """

    python_version: str
    machine: str
    wheels: str | None = None

    @classmethod
    def aws(cls) -> Self:
        """Lambda on Graviton: Amazon Linux 2023, whose glibc 2.34 runs every wheel built for 2.28."""
        return cls(python_version="3.14", machine="arm64", wheels="aarch64-manylinux_2_28")

    @classmethod
    def this_machine(cls) -> Self:
        """This interpreter, for an emulator that runs functions as processes beside it."""
        machine = "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x86_64"
        return cls(python_version=sysconfig.get_python_version(), machine=machine)

    @property
    def platform(self) -> str:
        """The platform that the wheels are for, spelled out even where it is this interpreter's own."""
        return self.wheels or sysconfig.get_platform()

    @property
    def runs_our_bytecode(self) -> bool:
        """Whether bytecode of this interpreter is bytecode of the target."""
        return self.python_version == sysconfig.get_python_version()


def bundle(target: Target, *, repository: Path = REPOSITORY) -> Path:
    """The directory to ship to the target, built where it is not there yet.

    It is named by all that it is made from, and equal inputs give equal bytes, so that an unchanged function
    is not deployed again. Raises BundleError where the dependencies cannot be installed.
    """
    sources = _sources(repository)
    bundles = repository / BUNDLES
    finished = bundles / _key(target, repository / LOCK, sources)
    if finished.is_dir():
        return finished
    bundles.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=bundles) as scratch:
        unfinished = Path(scratch, "asset")
        _build(target, repository / LOCK, sources, unfinished)
        _publish(unfinished, finished)
    return finished


def _sources(repository: Path) -> Mapping[PurePath, bytes]:
    """The Python files of lambdas/, read once, so that what is shipped is what the name was made from."""
    files = sorted((repository / "lambdas").rglob("*.py"))
    return {file.relative_to(repository): file.read_bytes() for file in files}


def _key(target: Target, lock: Path, sources: Mapping[PurePath, bytes]) -> str:
    """A name that changes with the sources, the lock, the target, and this recipe."""
    digest = hashlib.sha256()
    for part in (
        repr((target, target.platform, target.runs_our_bytecode)).encode(),
        Path(__file__).read_bytes(),
        lock.read_bytes(),
        *(part for path, source in sources.items() for part in (path.as_posix().encode(), source)),
    ):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:32]


def _build(target: Target, lock: Path, sources: Mapping[PurePath, bytes], directory: Path) -> None:
    """Fill a new directory with everything that the functions import."""
    _install(target, lock, directory)
    _trim(directory)
    for path, source in sources.items():
        copy = directory / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(source)
    if target.runs_our_bytecode:
        _compile(directory)
    _open_to_readers(directory)


def _install(target: Target, lock: Path, directory: Path) -> None:
    """Install exactly the locked wheels, for the target."""
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--link-mode", "copy"]
    command += ["--require-hashes", "--requirement", str(lock), "--only-binary", ":all:"]
    command += ["--target", str(directory), "--python-version", target.python_version]
    if target.wheels:
        command += ["--python-platform", target.wheels]
    _run(command)


def _trim(directory: Path) -> None:
    """Remove what no function reads, and what names the machine that installed it."""
    for data in (directory / "botocore" / "data").iterdir():
        if data.name.removesuffix(".gz") not in BOTOCORE_DATA:
            _remove(data)
    for unused in ("bin", ".lock", "boto3/data", "boto3/examples"):
        _remove(directory / unused)
    for record in directory.glob("*.dist-info/*"):
        if record.name != "METADATA":  # importlib.metadata and vulnerability scanners read this one
            _remove(record)
    for cache in list(directory.rglob("__pycache__")):
        _remove(cache)


def _remove(path: Path) -> None:
    """Remove a file or a whole directory, or nothing."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _compile(directory: Path) -> None:
    """Ship bytecode, since a function cannot keep any; unchecked, it holds no time of its sources."""
    options = ["-q", "--invalidation-mode", "unchecked-hash", "-s", str(directory)]
    _run([sys.executable, "-I", "-m", "compileall", *options, str(directory)])


def _run(command: list[str]) -> None:
    """Run a command, or raise BundleError with the last thing that it said."""
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no user input
    if result.returncode != 0:
        last_line = (result.stderr.strip().splitlines() or ["it said nothing"])[-1].strip()
        raise BundleError(f"{' '.join(command)} exited with {result.returncode}: {last_line}")


def _open_to_readers(directory: Path) -> None:
    """Set one mode whatever the umask: Lambda reads an asset as another user than its builder."""
    for path in (directory, *directory.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _publish(unfinished: Path, finished: Path) -> None:
    """Give the asset its name in one step; of two builders at once the first wins, with the same bytes."""
    try:
        unfinished.rename(finished)
    except OSError:
        if not finished.is_dir():
            raise
