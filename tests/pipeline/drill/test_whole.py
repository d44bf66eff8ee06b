"""A drill is held where all is well, leaves all well, and leaves a report beside its evidence."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.drill.faults import FaultError
from pipeline.drill.probes import ProbeError
from pipeline.drill.report import record
from pipeline.drill.report.drilled import Drilled
from pipeline.drill.scenario import Scenario
from pipeline.drill.scenarios import FROZEN
from pipeline.drill.step import Do, Role, Step
from pipeline.drill.whole import Tell, hold
from tests.pipeline.drill.short import BREAK, DIE, STOP, in_no_time, short
from tests.pipeline.drill.staged import Staged
from tests.pipeline.drill.staged_venue import StagedVenue

IN_VAIN = Step(do=Do.AWAIT_ANSWERED, role=Role.SECONDARY, seconds=1, why="It turns.")
DYING = replace(short(), steps=(BREAK, DIE))
EVIDENCE = ["diary.jsonl", "disturbances.json", "ledger.jsonl"]


@pytest.fixture
def staged(monkeypatch: pytest.MonkeyPatch) -> Staged:
    in_no_time(monkeypatch)
    return Staged()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "drills" / "a-drill"


def held(
    staged: Staged,
    path: Path,
    scenario: Scenario | None = None,
    tell: Tell = lambda _: None,
    *,
    survives: bool = False,
) -> Drilled:
    return asyncio.run(hold(scenario or short(), StagedVenue(staged, survives=survives), path, tell))


def broken(staged: Staged) -> Sequence[str]:
    return [each for each in staged.done if each.startswith("inject")]


def files(path: Path) -> Sequence[str]:
    return sorted(file.name for file in path.iterdir())


def test_its_report_is_a_page_and_json_that_say_the_same(staged: Staged, path: Path) -> None:
    drilled = held(staged, path)
    assert drilled.met
    assert json.loads((path / "report.json").read_bytes()) == record.as_json(drilled)
    assert drilled.sentence in (path / "report.html").read_text(encoding="utf-8")
    assert files(path) == sorted([*EVIDENCE, "report.html", "report.json"])


def test_the_report_says_what_it_was(staged: Staged, path: Path) -> None:
    drilled = held(staged, path, short(STOP))
    assert (drilled.command, drilled.restored_by) == ("make drill SCENARIO=short", "drill")
    assert drilled.files == EVIDENCE
    assert drilled.versions == {"eu-west-1": "1", "eu-central-1": "1"}
    assert all(taken.ended for taken in drilled.steps)
    assert drilled.started_at <= drilled.fault_at <= drilled.ended_at


def test_a_step_in_vain_is_a_miss_that_is_reported(staged: Staged, path: Path) -> None:
    drilled = held(staged, path, short(IN_VAIN))
    assert not drilled.met
    assert "not in time: step 2" in (path / "report.html").read_text(encoding="utf-8")


def test_it_is_not_held_where_dns_leads_elsewhere(staged: Staged, path: Path) -> None:
    staged.probes.leads_to = Role.SECONDARY
    with pytest.raises(ProbeError, match=r"not well before the drill: DNS does not lead to the primary"):
        held(staged, path)
    assert staged.done == ["opened", "closed"]
    assert not path.exists()


def test_it_is_not_held_where_replication_is_cut(staged: Staged, path: Path) -> None:
    staged.replicas.replicates = False
    with pytest.raises(
        ProbeError, match=r"before the drill: what eu-west-1 takes does not arrive in eu-cent"
    ):
        held(staged, path)
    assert broken(staged) == []


def test_it_waits_until_all_is_well(staged: Staged, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.drill.whole.WELL_AGAIN_S", 1e6)
    looks = iter([None, Role.SECONDARY])

    async def answered() -> Role | None:
        return next(looks, Role.PRIMARY)

    monkeypatch.setattr(staged.probes, "answered", answered)
    assert held(staged, path).met
    assert next(looks, "none is left") == "none is left"


def test_a_place_that_is_not_well_afterwards_has_no_verdict(staged: Staged, path: Path) -> None:
    def tell(line: str) -> None:
        if line == "is all well again?":
            staged.probes.leads_to = Role.SECONDARY

    with pytest.raises(ProbeError, match="It is not well after the drill"):
        held(staged, path, tell=tell)
    assert staged.done[-1] == "closed"
    assert files(path) == EVIDENCE


def test_a_drill_that_failed_leaves_its_evidence_and_no_report(staged: Staged, path: Path) -> None:
    staged.faults.resists = {FROZEN}
    with pytest.raises(FaultError, match="region-frozen"):
        held(staged, path)
    assert staged.done[-2:] == ["guard is left", "closed"]
    assert files(path) == EVIDENCE


def test_a_report_that_cannot_be_written_leaves_the_evidence_and_no_half_of_it(
    staged: Staged, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Path.write_bytes

    def full(file: Path, content: bytes) -> int:
        if "report" in file.name:
            write(file, content[:10])
            raise OSError(28, "No space left on device")
        return write(file, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match=r"No space left on device: '.*/report\.json'"):
        held(staged, path)
    assert files(path) == EVIDENCE


def test_the_folder_of_another_drill_is_left_alone(staged: Staged, path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(FaultError, match="is there already"):
        held(staged, path)
    assert staged.done == []
    assert path.exists()


def test_a_drill_that_dies_is_judged_by_what_it_left(staged: Staged, path: Path) -> None:
    told: list[str] = []
    drilled = held(staged, path, DYING, told.append)
    assert (drilled.restored_by, drilled.met) == ("watchdog", True)
    assert told == ["is all well?", "it is dead", "is all well again?"]
    assert broken(staged) == []


def test_a_drill_that_should_die_and_does_not_could_not_be_held(staged: Staged, path: Path) -> None:
    with pytest.raises(FaultError, match="ended with 0"):
        held(staged, path, DYING, survives=True)
    assert staged.done[-1] == "closed"
