"""Simulated platforms of which one part always works wrongly, as a drill must find."""

from __future__ import annotations

from pipeline.drill.attempt import ClientKind, Fields
from pipeline.drill.rows import Key
from pipeline.drill.timeline import CallMade
from tests.pipeline.drill.clients import Client
from tests.pipeline.drill.plan import BACK_AT, DETECTED_AT, FAULT_AT, PRIMARY, SECONDARY, START, Plan
from tests.pipeline.drill.replicas import Replica, Stamped
from tests.pipeline.drill.world import World


class NoFence(World):
    """Turns traffic while the primary still takes writes that have not been replicated."""

    def fences(self, *_: object) -> bool:
        return False

    def turn(self) -> None:
        return


class Deaf(Replica):
    """Keeps what it wrote, whatever the other Region wrote after it."""

    def receive(self, key: Key, stamped: Stamped) -> None:
        known = self.rows.get(key)
        if known is None or known.region != self.region:
            super().receive(key, stamped)


class SkippedConflict(World):
    """Passes over every conflict."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.primary = Deaf(PRIMARY)
        self.apis[PRIMARY].replica = self.primary


class Phantom(World):
    """Has a user whom nobody sent."""

    def heal(self) -> None:
        super().heal()
        self.victim = "u-nobody"
        api, when = self.apis[PRIMARY], "2030-03-17T17:46:41.000001Z"
        profile: Fields = {"name": "Nobody", "email": "nobody@drill.example", "age": 1}
        api.replica.commit(BACK_AT, api.version(self.victim, 1, when, "created", None, when, profile))


class LostLongAgo(World):
    """Never sent the other Region something that was written long before it was lost."""

    def replicate(self, now: float) -> None:
        if START + 1 < now < START + 2 and self.primary.outbox:
            self.primary.outbox.clear()
        super().replicate(now)


class ControlPlane(World):
    """Changes a record to fail over."""

    def turn(self) -> None:
        super().turn()
        self.victim = "route53:ChangeResourceRecordSets"
        call = CallMade(at=DETECTED_AT + 0.1, service="route53", action="ChangeResourceRecordSets")
        self.events.append(call)


class Blip(World):
    """Serves clients for a moment in the middle of an outage, and in the end later than it should."""

    def region_for(self, client: Client, now: float) -> str:
        late = BACK_AT - 1.5
        if client.kind is not ClientKind.OBEYS_TTL or now < FAULT_AT or now >= BACK_AT:
            return super().region_for(client, now)
        return SECONDARY if FAULT_AT + 1 <= now < FAULT_AT + 1.8 or now >= late else PRIMARY
