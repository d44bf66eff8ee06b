"""A simulated drill: two Regions, a fault, clients who are led away from it, and the truth about it all."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from pipeline.drill.attempt import (
    Answered,
    Attempt,
    ClientKind,
    Operation,
    Outcome,
    Stored,
    outcome_of,
)
from pipeline.drill.evidence import Evidence
from pipeline.drill.facts import Facts, Sustained
from pipeline.drill.rows import Key
from pipeline.drill.timeline import Act, AnswerChanged, CallMade, Event, FaultStep, HealthChanged, Timeline
from tests.pipeline.drill.api import Api, Refused
from tests.pipeline.drill.clients import Client, Want
from tests.pipeline.drill.plan import (
    BACK_AT,
    DETECTED_AT,
    END_AT,
    FAULT_AT,
    HEALED_AT,
    MOVED_AT,
    PAUSE_S,
    PRIMARY,
    SECONDARY,
    START,
    TIMEOUT_S,
    TURNED_AT,
    Kind,
    Plan,
)
from tests.pipeline.drill.replicas import Replica


class World:
    """A drill under way. A planted bug overrides a method.

    `deleted` are the users whose deletion may have been done, `unsent` the keys that the primary had written
    and not sent when it was lost, `torn` those of them of which some were sent, and `victim` is what a
    planted bug struck.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.random = Random(plan.seed)  # noqa: S311  # a simulation that can be repeated
        self.primary, self.secondary = Replica(PRIMARY), Replica(SECONDARY)
        self.apis = {PRIMARY: Api(self.primary), SECONDARY: Api(self.secondary)}
        self.attempts: list[Attempt] = []
        self.events: list[Event] = []
        self.deleted: set[str] = set()
        self.unsent: set[Key] = set()
        self.torn: set[Key] = set()
        self.victim = ""
        self._late: list[Want] = []
        self._done: set[str] = set()
        self._clients = [self._client(kind, number) for kind in ClientKind for number in range(2)]

    def run(self) -> Evidence:
        """Live through the drill, and return what is known of it afterwards."""
        acts = {FAULT_AT: self.break_, TURNED_AT: self.turn, HEALED_AT: self.heal, BACK_AT: self.return_}
        while (client := min(self._clients, key=lambda client: client.next_at)).next_at < END_AT:
            now = client.next_at
            for at, act in acts.items():
                if at <= now and act.__name__ not in self._done:
                    self._done.add(act.__name__)
                    act()
            self.replicate(now)
            client.next_at = self._attempt(client, client.next(), now) + PAUSE_S
        self.drain()
        return self.evidence()

    def evidence(self) -> Evidence:
        """Return all that a verdict needs."""
        window = (self.plan.lag_s or 0) + 0.01 if self.plan.kind is Kind.LOSS else 0.0
        return Evidence(
            facts=Facts(
                scenario=self.plan.kind,
                primary=PRIMARY,
                secondary=SECONDARY,
                fault_at=FAULT_AT,
                healed_at=HEALED_AT,
                loss_window_s=window,
                sustained=Sustained(successes=3, seconds=1.0),
                objectives=replace(self.plan.objectives, rpo_s=window),
            ),
            attempts=self.attempts,
            primary=self.primary.table(),
            secondary=self.secondary.table(),
            timeline=Timeline(self.events, self.attempts),
        )

    def break_(self) -> None:
        self.events.append(FaultStep(at=FAULT_AT, act=Act.START, fault=self.plan.kind, target=PRIMARY))
        self.events.append(HealthChanged(at=DETECTED_AT, region=PRIMARY, healthy=False))
        self.events.append(CallMade(at=DETECTED_AT, service="cloudwatch", action="PutMetricData"))
        if self.plan.kind is Kind.LOSS:
            self.primary.send(self.secondary, until=FAULT_AT - (self.plan.lag_s or 0))
            self.unsent = {key for _, made in self.primary.outbox for key, _ in made}
            self.torn = {key for _, made in list(self.primary.outbox)[:1] for key, _ in made}
            self.primary.tear(self.secondary, self.random)
            self.primary.lose()

    def turn(self) -> None:
        self.events.append(AnswerChanged(at=TURNED_AT, region=SECONDARY))
        if self.plan.kind is Kind.SWITCHOVER:
            self.drain()

    def heal(self) -> None:
        self.events.append(FaultStep(at=HEALED_AT, act=Act.HEAL, fault=self.plan.kind, target=PRIMARY))
        if self.plan.kind is Kind.LOSS:
            self.primary.rebuild(self.secondary)
        for want in self._late:  # a frozen Region does what it was asked, long after the client gave up
            if want.user_id not in self.deleted:
                self.perform(PRIMARY, want, HEALED_AT)
        self.drain()

    def return_(self) -> None:
        if self.plan.kind is Kind.SWITCHOVER:
            self.drain()

    def replicate(self, now: float) -> None:
        if self.plan.lag_s is not None and not FAULT_AT <= now < HEALED_AT:
            self.primary.send(self.secondary, until=now - self.plan.lag_s)
            self.secondary.send(self.primary, until=now - self.plan.lag_s)

    def drain(self) -> None:
        self.primary.send(self.secondary, until=END_AT + 1)
        self.secondary.send(self.primary, until=END_AT + 1)

    def perform(self, region: str, want: Want, at: float) -> tuple[int, Stored | None]:
        """Do what is wanted in a Region; return the status, and what was stored."""
        api = self.apis[region]
        try:
            match want.operation:
                case Operation.CREATE:
                    return 201, api.create(at, want.user_id, want.fields, key=want.key or "")
                case Operation.UPDATE:
                    return 200, api.update(at, want.user_id, want.fields)
                case Operation.DELETE:
                    api.delete(at, want.user_id)
                    return 200, None
                case _:
                    return 200, None
        except Refused as refused:
            return refused.status, None

    def region_for(self, client: Client, now: float) -> str:
        return SECONDARY if MOVED_AT[client.kind] <= now < BACK_AT else PRIMARY

    def fences(self, region: str, want: Want, now: float) -> bool:
        """Tell whether the fence turns a write away."""
        fenced = self.plan.kind is Kind.SWITCHOVER and FAULT_AT <= now < BACK_AT and region == PRIMARY
        return fenced and want.operation is not Operation.READ

    def _attempt(self, client: Client, want: Want, now: float) -> float:
        """Send one request, and return when it ended."""
        region = self.region_for(client, now)
        status, stored, ended_at = self._send(region, want, now)
        outcome = outcome_of(status, fenced=status == 503)
        if want.operation is Operation.DELETE and outcome is not Outcome.REFUSED:
            self.deleted.add(want.user_id)
        client.learn(want, outcome, status)
        attempt_id = f"a{len(self.attempts)}"
        answered = Answered(
            id=attempt_id,
            answered_at=ended_at,
            outcome=outcome,
            status=status,
            region=None if status is None else region,
            users=() if stored is None else (stored,),
        )
        self.attempts.append(Attempt(asked=client.asks(attempt_id, want, now), answered=answered))
        return ended_at

    def _send(self, region: str, want: Want, now: float) -> tuple[int | None, Stored | None, float]:
        """Carry a request to a Region, and its answer back."""
        switchover = self.plan.kind is Kind.SWITCHOVER
        if region == PRIMARY and FAULT_AT <= now < HEALED_AT and not switchover:
            if self.plan.kind is Kind.OUTAGE and want.operation.creates and self.random.random() < 0.2:
                self._late.append(want)
            return None, None, now + TIMEOUT_S
        if self.fences(region, want, now):
            return 503, None, now + 0.01
        chance = self.random.random() if now < FAULT_AT else 1.0
        if chance < 0.02:  # the request is lost on the way
            return None, None, now + TIMEOUT_S
        status, stored = self.perform(region, want, now + 0.005)
        return (None, None, now + TIMEOUT_S) if chance < 0.04 else (status, stored, now + 0.01)

    def _client(self, kind: ClientKind, number: int) -> Client:
        changes_emails = self.plan.kind is Kind.SWITCHOVER
        first_at = START + self.random.random() * PAUSE_S
        return Client(f"{kind}-{number}", kind, self.random, first_at, changes_emails=changes_emails)
