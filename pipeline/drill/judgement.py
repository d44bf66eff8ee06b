"""Brings together what a drill left on disk and what both Regions hold, and has it judged."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.drill import diary, ledger
from pipeline.drill.attempt import ClientKind
from pipeline.drill.diary import Line, StepBegan, StepEnded
from pipeline.drill.evidence import Evidence
from pipeline.drill.facts import Facts, Objectives, Sustained
from pipeline.drill.performance import Folder
from pipeline.drill.place import Place
from pipeline.drill.probes import ProbeError
from pipeline.drill.rows import Table, table
from pipeline.drill.scenario import Scenario
from pipeline.drill.step import Do, Fault, Role
from pipeline.drill.timeline import Act, FaultStep, Timeline
from pipeline.drill.verdict import Verdict, judge
from pipeline.drill.way import TOO_LONG

TTL_S = 60.0  # of an alias to API Gateway
LAG_SEEN_S = 10.0
MARGIN_S = 1.0  # a sample of the lag is as old as this


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A drill with its evidence and verdict; steps are numbered from 0."""

    evidence: Evidence
    verdict: Verdict
    began: Mapping[int, StepBegan]
    ended: Mapping[int, StepEnded]
    restored_by: str
    torn_line: int | None

    @property
    def late(self) -> Sequence[int]:
        """The steps whose wait was in vain, by their place in the scenario."""
        return [number for number, end in self.ended.items() if not end.done]

    @property
    def met(self) -> bool:
        """Tell whether the verdict is good, and nothing was waited for in vain."""
        return self.verdict.met and not self.late


async def rows(place: Place, role: Role) -> Table:
    """Return what a Region holds now; raises botocore's errors and UnknownRowError."""
    region = place.regions[role]
    return table(region.name, await asyncio.to_thread(region.rows))


async def judged(scenario: Scenario, place: Place, folder: Folder, *, before: Table) -> Judged:
    """Judge a drill that has ended, by its own hand or by another's.

    Raises:
        LedgerDamagedError, UnknownRowError, ProbeError, OSError, ValueError: the evidence is not whole.
    """
    lines = diary.read(folder.diary)
    began = {line.began.step: line.began for line in lines if line.began}
    ended = {line.ended.step: line.ended for line in lines if line.ended}
    restored = [line.restored for line in lines if line.restored]
    if not restored:
        raise ProbeError("Nobody wrote down that what was disturbed is as it was: look at the Regions.")
    _require_outage(scenario, began, ended)
    reading = ledger.read(folder.ledger)
    first = min(begin.at for begin in began.values())
    facts = _facts(scenario, place, lines, began, ended, restored[-1].at)
    timeline = Timeline(
        _faults(scenario, place, began, ended, restored[-1].at),
        await place.probes.changes(first),
        (line.lag for line in lines if line.lag),
        await place.probes.calls(facts.fault_at, restored[-1].at),
        reading.attempts,
    )
    evidence = Evidence(
        facts=facts,
        attempts=reading.attempts,
        primary=await rows(place, Role.PRIMARY),
        secondary=await rows(place, Role.SECONDARY),
        timeline=timeline,
        before=before,
    )
    return Judged(
        evidence=evidence,
        verdict=judge(evidence),
        began=began,
        ended=ended,
        restored_by=restored[-1].by,
        torn_line=reading.torn_line,
    )


def _facts(
    scenario: Scenario,
    place: Place,
    lines: Sequence[Line],
    began: Mapping[int, StepBegan],
    ended: Mapping[int, StepEnded],
    restored_at: float,
) -> Facts:
    beginning = next(number for number, step in enumerate(scenario.steps) if step.begins_outage)
    ending = next((number for number, step in enumerate(scenario.steps) if step.ends_outage), None)
    fences = [number for number, step in enumerate(scenario.steps) if step.do is Do.FENCE]
    fault_at = _struck_at(beginning, began, ended)
    return Facts(
        scenario=scenario.name,
        primary=place.regions[Role.PRIMARY].name,
        secondary=place.regions[Role.SECONDARY].name,
        fault_at=fault_at,
        healed_at=restored_at if ending is None else ended[ending].at,
        loss_window_s=_behind(scenario, place, lines, fault_at) if scenario.loses_disk else 0.0,
        one_writer_from=min((began[fence].at for fence in fences if fence in began), default=None),
        sustained=Sustained().at_scale(place.time_scale),
        objectives=_objectives(scenario, place),
    )


def _require_outage(
    scenario: Scenario, began: Mapping[int, StepBegan], ended: Mapping[int, StepEnded]
) -> None:
    """Raise ProbeError unless the drill got as far as its outage, and to the end of that if it has one."""
    for number, step in enumerate(scenario.steps):
        if (step.begins_outage and number not in began) or (step.ends_outage and number not in ended):
            raise ProbeError(f"The drill ended before step {number + 1}, so there is no outage to judge.")


def _struck_at(number: int, began: Mapping[int, StepBegan], ended: Mapping[int, StepEnded]) -> float:
    """Return when a step had its effect: as soon as it began, if nobody noted that it took longer."""
    noted = ended[number].struck_at if number in ended else None
    return began[number].at if noted is None else noted


def _behind(scenario: Scenario, place: Place, lines: Sequence[Line], fault_at: float) -> float:
    """Return how far the secondary Region may have been behind at the fault: as it was seen, or was made."""
    primary = place.regions[Role.PRIMARY].name
    lags = [line.lag for line in lines if line.lag and line.lag.source == primary]
    recent = [lag.lag_s for lag in lags if fault_at - LAG_SEEN_S <= lag.at <= fault_at]
    delays = [fault.delay_ms / 1000 for fault in scenario.faults]
    return max(*recent, *delays, 0.0) + MARGIN_S


def _objectives(scenario: Scenario, place: Place) -> Objectives:
    """Return what the deployment promises, at the time scale, with what the place does not divide."""
    promised = place.deployment.objectives

    def limit(seconds: float) -> float:
        return place.at_scale(seconds) + place.allowance_s

    kept_too_long = TTL_S * (TOO_LONG - 1)
    recovery = {
        kind: limit(promised.recovery_time_seconds + kept_too_long * (kind is ClientKind.CACHES_DNS))
        for kind in ClientKind
    }
    longest, unscaled = scenario.longest_refusal_seconds, place.unscaled_fence_s
    return Objectives(
        rto_s=recovery if scenario.gate else {},
        rpo_s=float(promised.recovery_point_seconds) if scenario.loses_disk else 0.0,
        held_s=None if longest is None else limit(longest - unscaled) + unscaled,
    )


def _faults(
    scenario: Scenario,
    place: Place,
    began: Mapping[int, StepBegan],
    ended: Mapping[int, StepEnded],
    restored_at: float,
) -> Sequence[FaultStep]:
    """Return when each fault began and ended; what no step mended was mended at the end."""
    found, open_ = [], list[Fault]()
    for number, step in enumerate(scenario.steps):
        if step.fault is None or number not in began:
            continue
        target = place.regions[step.fault.role].name
        if step.do is Do.BREAK:
            open_.append(step.fault)
            at = _struck_at(number, began, ended)
            found.append(FaultStep(at=at, act=Act.START, fault=step.fault.kind, target=target))
        elif number in ended and step.fault in open_:
            open_.remove(step.fault)
            found.append(FaultStep(at=ended[number].at, act=Act.HEAL, fault=step.fault.kind, target=target))
    for fault in open_:
        target = place.regions[fault.role].name
        found.append(FaultStep(at=restored_at, act=Act.HEAL, fault=fault.kind, target=target))
    return found
