"""An item past its time goes, and stays gone after a kill."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from pipeline.local.layout import ROOT
from pipeline.local.platform import EMULATOR_PYTHON, environment

LIVES = Path(__file__).with_name("expiry.py")


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def ids_after(life: str, journal: Path) -> list[str]:
    result = subprocess.run(  # noqa: S603 - the emulator's own Python
        [str(ROOT / EMULATOR_PYTHON), str(LIVES), str(journal), life],
        cwd=ROOT,
        env=environment() | {"PYTHONPATH": str(ROOT), "STATE_DIR": str(journal.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return list(json.loads(result.stdout))


def test_an_item_past_its_time_is_removed_and_the_removal_is_journalled(journal: Path) -> None:
    assert ids_after("write", journal) == ["future", "past"]
    assert ids_after("reap", journal) == ["future"]
    *_, last = journal.read_text().splitlines()
    (((table, partition, _), item, *_),) = json.loads(last)["changes"]
    assert (table, partition, item) == ("000000000000/expiring", "past", None)
    assert ids_after("read", journal) == ["future"]
