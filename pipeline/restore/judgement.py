"""Brings together what a restore left on disk and what both Regions hold, and has it judged."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.drill import diary, ledger
from pipeline.drill.diary import Line, StepBegan, StepEnded
from pipeline.drill.evidence import Evidence
from pipeline.drill.facts import Facts, Objectives
from pipeline.drill.probes import ProbeError
from pipeline.drill.rows import Table, table
from pipeline.drill.step import Role
from pipeline.drill.timeline import Act, FaultStep, LagSampled, Timeline
from pipeline.restore.answer import Answers
from pipeline.restore.evidence import Limits, RestoreEvidence
from pipeline.restore.folder import Folder
from pipeline.restore.place import RestorePlace
from pipeline.restore.scenario import Scenario
from pipeline.restore.step import Do
from pipeline.restore.verdict import Verdict, judge

RPO_S = 1.0


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A restore with its evidence and verdict; steps are numbered from 0."""

    evidence: RestoreEvidence
    verdict: Verdict
    began: Mapping[int, StepBegan]
    ended: Mapping[int, StepEnded]
    restored_by: str
    torn_line: int | None


async def rows(place: RestorePlace, role: Role, name: str) -> Table:
    """Return what a Region's table holds now; raises botocore's errors and UnknownRowError."""
    region = place.region(role, name)
    return table(region.name, await asyncio.to_thread(region.rows))


async def judged(scenario: Scenario, place: RestorePlace, folder: Folder, *, before: Table) -> Judged:
    """Judge a restore that has ended.

    Raises:
        LedgerDamagedError, UnknownRowError, ProbeError, OSError, ValueError: the evidence is not whole.
    """
    lines = diary.read(folder.diary)
    began = {line.began.step: line.began for line in lines if line.began}
    ended = {line.ended.step: line.ended for line in lines if line.ended}
    restored = [line.restored for line in lines if line.restored]
    if not restored:
        raise ProbeError("Nobody wrote down that what was disturbed is as it was: look at the Regions.")
    reading, answers = ledger.read(folder.ledger), folder.answers
    facts = _facts(scenario, place, folder, ended)
    changed = answers.changed
    serving = changed.tables[-1] if changed else place.former
    drill = Evidence(
        facts=facts,
        attempts=reading.attempts,
        primary=await rows(place, Role.PRIMARY, serving),
        secondary=await rows(place, Role.SECONDARY, serving),
        timeline=Timeline(_marks(facts), _lags(lines), reading.attempts),
        before=before,
    )
    evidence = RestoreEvidence(
        drill=drill,
        damaged=folder.damages.all,
        former=await rows(place, Role.PRIMARY, place.former),
        limits=limits(scenario, place),
        came=_came(place, folder),
        noted=answers.noted,
        noticed_at=_noticed_at(scenario, answers, began),
        served_from=changed.at if changed else None,
        validated=answers.validated,
        replayed=answers.replayed,
    )
    return Judged(
        evidence=evidence,
        verdict=judge(evidence),
        began=began,
        ended=ended,
        restored_by=restored[-1].by,
        torn_line=reading.torn_line,
    )


def limits(scenario: Scenario, place: RestorePlace) -> Limits:
    """Return what a scenario aims at; where a table is restored, at the second before the damage too."""
    longest, most = scenario.longest_refusal_seconds, scenario.rto_seconds
    restores = any(step.do is Do.NOTE for step in scenario.steps)
    return Limits(
        rpo_s=RPO_S if restores else None,
        rto_s=None if most is None else place.place.at_scale(most),
        held_s=None if longest is None else place.place.at_scale(longest),
    )


def _came(place: RestorePlace, folder: Folder) -> Table | None:
    """Return the restored table as it came; raises UnknownRowError."""
    found = folder.came.rows
    return None if found is None else table(place.place.regions[Role.PRIMARY].name, found)


def _noticed_at(scenario: Scenario, answers: Answers, began: Mapping[int, StepBegan]) -> float | None:
    """Return when the restore point was noted, or, of one user, the history was first looked at."""
    if answers.noted:
        return answers.noted.at
    finding = (number for number, step in enumerate(scenario.steps) if step.do is Do.FIND)
    return next((began[number].at for number in finding if number in began), None)


def _facts(scenario: Scenario, place: RestorePlace, folder: Folder, ended: Mapping[int, StepEnded]) -> Facts:
    """Return what the drill's checks must know: zero is the first bad write."""
    fault_at = folder.damages.began_at
    if fault_at is None:
        raise ProbeError("The drill ended before anything was damaged, so there is nothing to judge.")
    ending = next(number for number, step in enumerate(scenario.steps) if step.ends_outage)
    regions = place.place.regions
    return Facts(
        scenario=scenario.name,
        primary=regions[Role.PRIMARY].name,
        secondary=regions[Role.SECONDARY].name,
        fault_at=fault_at,
        healed_at=ended[ending].at if ending in ended and ended[ending].done else None,
        objectives=Objectives(held_s=limits(scenario, place).held_s),
    )


def _marks(facts: Facts) -> Sequence[FaultStep]:
    found = [FaultStep(at=facts.fault_at, act=Act.START, fault="damage", target=facts.primary)]
    if facts.healed_at is not None:
        found.append(FaultStep(at=facts.healed_at, act=Act.HEAL, fault="damage", target=facts.primary))
    return found


def _lags(lines: Sequence[Line]) -> Sequence[LagSampled]:
    return [line.lag for line in lines if line.lag]
