"""A drill that is made up and looks like one: what clients see is generated, the verdict on rows is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from pipeline.drill.attempt import Attempt, ClientKind, Operation
from pipeline.drill.diary import StepBegan, StepEnded
from pipeline.drill.durability import Durability, Fate, LostWrite
from pipeline.drill.evidence import Evidence
from pipeline.drill.facts import Facts, Objectives
from pipeline.drill.finding import Finding
from pipeline.drill.held import held_writes
from pipeline.drill.objective import objectives
from pipeline.drill.recovery import recoveries
from pipeline.drill.report.drilled import Drilled
from pipeline.drill.rows import Table
from pipeline.drill.scenarios import named
from pipeline.drill.timeline import Act, AnswerChanged, Event, FaultStep, HealthChanged, LagSampled, Timeline
from pipeline.drill.verdict import Verdict
from tests.pipeline.drill.made import HERE, THERE, T, attempt

FAULT_AT, DETECTED_AT, TURNED_AT, HEALED_AT, END_AT = T, T + 31.4, T + 32.1, T + 218, T + 240
START_AT = T - 20
# Until when clients of a kind still go to where DNS led before.
STALE_UNTIL = {
    ClientKind.OBEYS_TTL: (TURNED_AT + 4, TURNED_AT + 58),
    ClientKind.KEEPS_CONNECTIONS: (TURNED_AT + 6, TURNED_AT + 62),
    ClientKind.CACHES_DNS: (TURNED_AT + 120, TURNED_AT + 172),
}
STEPS_END_AT = (T - 19, T, T + 0.3, T + 206, T + 206.2, T + 216.2, HEALED_AT, T + 229, END_AT)
LIMITS: Mapping[ClientKind, float] = {
    ClientKind.OBEYS_TTL: 135,
    ClientKind.KEEPS_CONNECTIONS: 135,
    ClientKind.CACHES_DNS: 255,
}


@dataclass(frozen=True, kw_only=True)
class Course:
    """One drill; `pace_s` is how long a client pauses, `clients` how many of a kind there are."""

    scenario: str = "region-outage"
    clients: int = 3
    pace_s: float = 0.45
    ends_at: float = END_AT
    rto_s: Mapping[ClientKind, float] = field(default_factory=lambda: LIMITS)
    lost: Sequence[LostWrite] = ()
    findings: Sequence[Finding] = ()
    primary: Table = field(default_factory=lambda: Table(region=HERE))
    late: tuple[int, str] | None = None
    time_scale: float = 1

    def drilled(self) -> Drilled:
        """Return the drill, judged."""
        evidence = self.evidence()
        began = {n: StepBegan(at=at, step=n) for n, at in enumerate((START_AT, *STEPS_END_AT[:-1]))}
        ended = {n: StepEnded(at=at, step=n, done=True) for n, at in enumerate(STEPS_END_AT)}
        if self.late:
            number, note = self.late
            ended[number] = StepEnded(at=STEPS_END_AT[number], step=number, done=False, note=note)
        return Drilled(
            scenario=named(self.scenario),
            place="this machine",
            deployment="local",
            time_scale=self.time_scale,
            allowance_s=15,
            started_at=START_AT,
            ended_at=self.ends_at,
            began=began,
            ended=ended,
            evidence=evidence,
            verdict=self.verdict(evidence),
            command=f"make drill SCENARIO={self.scenario} TIME_SCALE={self.time_scale:g}",
            limits=("One machine plays both Regions: they share its processor and its disk.",),
            versions={HERE: "3f2a9c1", THERE: "3f2a9c1"},
            restored_by="drill",
            files=("ledger.jsonl", "diary.jsonl", "report.json"),
        )

    def evidence(self) -> Evidence:
        """Return what was observed."""
        attempts = list(self._attempts())
        return Evidence(
            facts=Facts(
                scenario=self.scenario,
                primary=HERE,
                secondary=THERE,
                fault_at=FAULT_AT,
                healed_at=HEALED_AT,
                objectives=Objectives(rto_s=self.rto_s),
            ),
            attempts=attempts,
            primary=self.primary,
            secondary=Table(region=THERE),
            timeline=Timeline(_events(), _lags(), attempts),
        )

    def verdict(self, evidence: Evidence) -> Verdict:
        """Judge what clients saw; what rows showed is given."""
        found = recoveries(evidence.attempts, evidence.timeline, evidence.facts)
        held = held_writes(evidence.attempts)
        promised = sum(sent.acknowledged and sent.may_have_written for sent in evidence.attempts)
        fates = {Fate.CURRENT: promised - len(self.lost), Fate.LOST: len(self.lost)}
        rpo_s = max((FAULT_AT - write.acknowledged_at for write in self.lost), default=0.0)
        durable = Durability(acknowledged=promised, fates=fates, lost=self.lost, rpo_s=rpo_s)
        return Verdict(
            scenario=self.scenario,
            objectives=objectives(evidence.facts, found, durable, held, self.findings),
            findings=self.findings,
            recoveries=found,
            durability=durable,
            held=held,
        )

    def _attempts(self) -> Iterator[Attempt]:
        random = Random(11)  # noqa: S311  # a drill that can be repeated
        for kind in ClientKind:
            for number in range(self.clients):
                yield from self._client(kind, f"{kind}-{number}", random)

    def _client(self, kind: ClientKind, name: str, random: Random) -> Iterator[Attempt]:
        """Yield what one client does: a write that fails is tried again until it is done."""
        at, made = START_AT + random.random() * self.pace_s, 0
        stale_until = random.uniform(*STALE_UNTIL[kind])
        while at < self.ends_at:
            moved = at >= stale_until
            broken = not moved and FAULT_AT <= at < HEALED_AT
            slow = random.paretovariate(2.2) * (0.016 if moved else 0.011)
            took = 5.0 if broken else min(slow, 0.9)
            operation = random.choice((Operation.CREATE, Operation.UPDATE, Operation.READ))
            yield attempt(
                operation,
                at,
                status=None if broken else 200,
                took=took,
                kind=kind,
                region=THERE if moved else HERE,
                write=f"{name}-{made}",
            )
            made += not broken
            at += took + self.pace_s * random.uniform(0.6, 1.4)


def _events() -> Sequence[Event]:
    return [
        FaultStep(at=FAULT_AT, act=Act.START, fault="region-frozen", target=HERE),
        HealthChanged(at=DETECTED_AT, region=HERE, healthy=False),
        AnswerChanged(at=TURNED_AT, region=THERE),
        FaultStep(at=HEALED_AT, act=Act.HEAL, fault="region-frozen", target=HERE),
        HealthChanged(at=HEALED_AT + 4, region=HERE, healthy=True),
    ]


def _lags() -> Iterator[LagSampled]:
    random = Random(5)  # noqa: S311  # as above
    for half in range(int((END_AT - START_AT) * 2)):
        at = START_AT + half / 2
        behind = random.uniform(0.05, 0.2)
        if not FAULT_AT <= at < HEALED_AT:
            yield LagSampled(at=at, source=HERE, target=THERE, lag_s=behind)
            healed_for = at - HEALED_AT
            behind = max(9 - healed_for * 4, behind) if healed_for >= 0 else behind
            yield LagSampled(at=at, source=THERE, target=HERE, lag_s=behind)
