"""What a drill left is brought together, and what is not whole is not judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.drill.diary import Line
from pipeline.drill.ledger import Ledger
from pipeline.drill.probes import ProbeError
from pipeline.drill.rows import Table
from pipeline.drill.scenarios import FROZEN, NO_TABLE
from pipeline.drill.timeline import Act, AnswerChanged, CallMade, FaultStep
from tests.pipeline.drill.left import RESTORED_AT, WAIT, WHOLE, Left, began, ended, restored
from tests.pipeline.drill.made import HERE, THERE, T, attempt, version
from tests.pipeline.drill.short import BREAK, HEAL, short


@pytest.fixture
def left(tmp_path: Path) -> Left:
    return Left(tmp_path)


def test_each_fault_is_in_the_timeline_with_its_end(left: Left) -> None:
    table = replace(BREAK, fault=NO_TABLE, begins_outage=False)
    scenario = replace(short(), steps=(table, BREAK, HEAL))
    steps = [
        line for number in range(3) for line in (began(number, T + number), ended(number, T + number + 0.5))
    ]
    found = left.judged(scenario, *steps, restored()).evidence.timeline.of(FaultStep)
    assert [(step.at, step.act, step.fault, step.target) for step in found] == [
        (T, Act.START, NO_TABLE.kind, HERE),
        (T + 1, Act.START, FROZEN.kind, HERE),
        (T + 2.5, Act.HEAL, FROZEN.kind, HERE),
        (RESTORED_AT, Act.HEAL, NO_TABLE.kind, HERE),
    ]


def test_what_is_seen_is_asked_for_from_the_first_step_on(
    left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def changes(since: float) -> Sequence[AnswerChanged]:
        return [AnswerChanged(at=since, region=THERE)]

    async def calls(since: float, until: float) -> Sequence[CallMade]:
        return [CallMade(at=at, service="dynamodb", action="GetItem") for at in (since, until)]

    monkeypatch.setattr(left.staged.probes, "changes", changes)
    monkeypatch.setattr(left.staged.probes, "calls", calls)
    scenario = replace(short(), steps=(WAIT, BREAK, HEAL))
    steps = [
        line for number in range(3) for line in (began(number, T + number), ended(number, T + number + 0.5))
    ]
    timeline = left.judged(scenario, *steps, restored()).evidence.timeline
    assert [event.at for event in timeline.of(AnswerChanged)] == [T]
    assert [call.at for call in timeline.of(CallMade)] == [T + 1, RESTORED_AT]


def test_attempts_and_the_rows_of_both_regions_are_evidence(left: Left) -> None:
    sent = attempt()
    left.folder.ledger.unlink()
    written = Ledger(left.folder.ledger)
    written.ask(sent.asked)
    written.close()
    with left.folder.ledger.open("ab") as file:
        file.write(b'{"asked')
    for key, item in version(1).items():
        assert item is not None
        left.staged.replicas.items[THERE, key.user_id, key.sort] = dict(item)
    before = Table(region="before")
    found = left.judged(short(), *WHOLE, before=before)
    assert [each.asked for each in found.evidence.attempts] == [sent.asked]
    assert (len(found.evidence.primary.current), len(found.evidence.secondary.current)) == (0, 1)
    assert (found.evidence.before, found.torn_line) == (before, 2)


def test_a_step_that_waited_in_vain_is_a_miss(left: Left) -> None:
    scenario = replace(short(), steps=(BREAK, WAIT, HEAL))
    lines = (began(0, T), ended(0, T), began(1, T + 1), ended(1, T + 2, done=False), began(2, T), ended(2, T))
    found = left.judged(scenario, *lines, restored())
    assert (found.verdict.met, found.late, found.met) == (True, [1], False)


def test_a_drill_without_fault_is_met(left: Left) -> None:
    found = left.judged(short(), *WHOLE)
    assert (found.late, found.met) == ([], True)


@pytest.mark.parametrize("lines", [(), WHOLE[:-1]], ids=["absent", "cut short"])
def test_a_drill_of_which_nobody_says_that_all_is_well_is_not_judged(
    left: Left, lines: Sequence[Line]
) -> None:
    with pytest.raises(ProbeError, match="look at the Regions"):
        left.judged(short(), *lines)


@pytest.mark.parametrize(
    ("lines", "step"),
    [((restored(),), 1), ((*WHOLE[:3], restored()), 2), ((began(1, T), ended(1, T), restored()), 1)],
    ids=["nothing began", "not healed", "not begun"],
)
def test_a_drill_without_a_whole_outage_is_not_judged(left: Left, lines: Sequence[Line], step: int) -> None:
    with pytest.raises(ProbeError, match=f"ended before step {step}"):
        left.judged(short(), *lines)


def test_a_damaged_diary_is_not_judged(left: Left) -> None:
    left.folder.diary.write_bytes(b'{"began": {"at": 1, "step": 0}}\n{"ended": 7}\n')
    with pytest.raises(ValueError, match=r"diary\.jsonl, line 2: "):
        left.judged(short(), *WHOLE)


def test_a_drill_without_a_ledger_is_not_judged(left: Left) -> None:
    left.folder.ledger.unlink()
    with pytest.raises(FileNotFoundError):
        left.judged(short(), *WHOLE)
