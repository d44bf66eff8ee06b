"""What is looked up, and that nothing goes on after a failure."""

import sys
from pathlib import Path

import pytest

from pipeline import audit
from pipeline.local.install import GROUPS
from pipeline.local.layout import ROOT


def test_every_lock_is_listed_and_looked_up() -> None:
    words = [[str(word) for word in command] for command, _ in audit.commands()]
    for lock in {group.lock for group in GROUPS.values() if group.lock.startswith("requirements/")} - {
        "requirements/infra.txt"  # dev has all of it
    }:
        assert [command[0] for command in words if lock in command] == [
            ".venv-audit/bin/cyclonedx-py",
            ".venv-audit/bin/pip-audit",
        ]
    assert "requirements/runtime.txt" in [word for command in words for word in command]
    assert [command[2:] for command in words[-2:]] == [
        ["sbom", "--package-lock-only", "--sbom-format", "cyclonedx"],
        ["audit", "--json"],
    ]


def test_what_it_needs_can_be_installed() -> None:
    assert set(audit.NEEDED) <= GROUPS.keys()
    assert all((ROOT / f"requirements/{name}.txt").exists() for name in audit.LOCKS)


def test_it_ends_with_the_first_failure_and_keeps_what_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "ROOT", tmp_path)
    steps = [([sys.executable, "-c", f"print({n}); raise SystemExit({n})"], Path(f"{n}")) for n in (0, 3, 5)]
    assert audit.run(steps) == 3
    assert sorted(file.name for file in tmp_path.iterdir()) == ["0", "3"]
    assert (tmp_path / "3").read_text() == "3\n"
    assert audit.run(steps[:1]) == 0
