"""`python -m pipeline.audit`: every dependency listed, and looked up among known vulnerabilities.

Standard library only, so that any Python that is new enough starts it, before anything is installed.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = Path(".build", "audit")
LOCKS = ("runtime", "dev", "emulator", "audit")
NEEDED = ("infra", "audit", "node")


def commands(folder: Path = FOLDER) -> Sequence[tuple[Sequence[str], Path | None]]:
    """Return what is run in this clone, each with the file that its output goes to.

    Versions and hashes are read from the locks, so nothing of what is looked at is installed or run.
    """
    found: list[tuple[Sequence[str], Path | None]] = []
    for name in LOCKS:
        lock, of = f"requirements/{name}.txt", f"{folder / name}"
        bill = [".venv-audit/bin/cyclonedx-py", "requirements", lock, "--output-reproducible"]
        found.append(([*bill, "--output-format", "JSON", "--output-file", f"{of}.cdx.json"], None))
        look_up = [".venv-audit/bin/pip-audit", "--requirement", lock, "--require-hashes", "--disable-pip"]
        told = ["--progress-spinner", "off", "--format", "json", "--output", f"{of}.vulnerabilities.json"]
        found.append(([*look_up, *told], None))
    bill = ["sbom", "--package-lock-only", "--sbom-format", "cyclonedx"]
    found.append(([*npm(), *bill], folder / "node.cdx.json"))
    found.append(([*npm(), "audit", "--json"], folder / "node.vulnerabilities.json"))
    return found


def npm() -> Sequence[str]:
    """Return the command of the npm that comes with Node in the environment."""
    node = ROOT / ".venv" / "bin" / "node"
    return [str(node), str(node.resolve().parents[1] / "lib/node_modules/npm/bin/npm-cli.js")]


def main() -> int:
    """Install what it takes, and run all of it until something fails; return the status of that, or 0."""
    steps = [([sys.executable, "pipeline/local/install.py", *NEEDED], None)]
    if status := run(steps):
        return status
    (ROOT / FOLDER).mkdir(parents=True, exist_ok=True)
    return run(commands())


def run(steps: Sequence[tuple[Sequence[str], Path | None]]) -> int:
    """Run commands one after another until one fails, and return its status; 0 if none does."""
    for command, file in steps:
        answer = subprocess.run(  # noqa: S603 - the commands above
            command, cwd=ROOT, check=False, stdout=subprocess.PIPE if file else None
        )
        if file:
            (ROOT / file).write_bytes(answer.stdout)
        if answer.returncode:
            return answer.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
