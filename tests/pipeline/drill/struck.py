"""Simulated platforms that do one write wrongly, as a drill must find."""

from __future__ import annotations

from abc import ABC, abstractmethod

from pipeline.drill.attempt import Fields, Operation, Stored
from pipeline.drill.rows import Key
from tests.pipeline.drill.api import Refused, claim_key, profile_of
from tests.pipeline.drill.clients import Want
from tests.pipeline.drill.plan import END_AT, Plan
from tests.pipeline.drill.replicas import Item
from tests.pipeline.drill.world import World

Performed = tuple[int, Stored | None]


class Struck(World, ABC):
    """Goes wrong once, at a write of a kind near the end, where no later write hides it."""

    operation = Operation.UPDATE

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.struck = False

    def perform(self, region: str, want: Want, at: float) -> Performed:
        due = not self.struck and at > END_AT - 0.7 and want.operation is self.operation
        if not due or (want.operation is Operation.UPDATE and self.current(region, want) is None):
            return super().perform(region, want, at)
        self.struck, self.victim = True, want.user_id
        return self.misdo(region, want, at)

    @abstractmethod
    def misdo(self, region: str, want: Want, at: float) -> Performed:
        """Do the one write wrongly."""

    def rightly(self, region: str, want: Want, at: float) -> Performed:
        return World.perform(self, region, want, at)

    def current(self, region: str, want: Want) -> Item | None:
        return self.apis[region].replica.get(Key(want.user_id, "CURRENT"))

    def put(self, region: str, at: float, key: Key, item: Item | None) -> None:
        self.apis[region].replica.commit(at, {key: item})


class DroppedWrite(Struck):
    """Acknowledges what it then forgets."""

    def misdo(self, region: str, want: Want, at: float) -> Performed:
        replica = self.apis[region].replica
        rows, outbox = dict(replica.rows), replica.outbox.copy()
        answer = self.rightly(region, want, at)
        replica.rows, replica.outbox = rows, outbox
        return answer


class DroppedDelete(DroppedWrite):
    operation = Operation.DELETE


class DoubleCreate(Struck):
    """Makes a second user of the same request."""

    operation = Operation.CREATE

    def misdo(self, region: str, want: Want, at: float) -> Performed:
        api, when = self.apis[region], "2030-03-17T17:46:41.000001Z"
        profile: Fields = {"age": 0, **want.fields}
        api.replica.commit(at, api.version(f"{want.user_id}-2", 1, when, "created", None, when, profile))
        api.replica.commit(at, {claim_key(str(want.fields["email"])): None})
        return self.rightly(region, want, at)


class DoubleUpdate(Struck):
    """Serves one request twice."""

    def misdo(self, region: str, want: Want, at: float) -> Performed:
        self.rightly(region, want, at)
        return self.rightly(region, want, at)


class NoCondition(Struck):
    """Writes over a version that is not the one that was read."""

    def misdo(self, region: str, want: Want, at: float) -> Performed:
        api, read = self.apis[region], self.current(region, want)
        assert read is not None
        answer = self.rightly(region, want, at)
        stale = api.next_version(at + 0.001, read, "updated", {**profile_of(read), "name": "Stale"})
        api.replica.commit(at + 0.001, stale)
        return answer


class Echo(Struck):
    """Sends a row that was deleted back to where it came from."""

    operation = Operation.DELETE

    def misdo(self, region: str, want: Want, at: float) -> Performed:
        read = self.current(region, want)
        answer = self.rightly(region, want, at)
        self.put(region, at + 0.01, Key(want.user_id, "CURRENT"), read)
        return answer


class EchoOfVersion(Echo):
    """Sends a row that was superseded back to where it came from."""

    operation = Operation.UPDATE


class Altered(Struck):
    """Stores something else than was sent."""

    def misdo(self, region: str, want: Want, at: float) -> Performed:
        other = Want(
            write=want.write, operation=want.operation, user_id=want.user_id, fields={"name": "Other"}
        )
        return self.rightly(region, other, at)


class RefusedButWritten(Struck):
    """Refuses what it has done."""

    def misdo(self, region: str, want: Want, at: float) -> Performed:
        self.rightly(region, want, at)
        return 412, None


class LostClaim(Struck):
    """Creates a user whose email anybody may take."""

    operation = Operation.CREATE

    def misdo(self, region: str, want: Want, at: float) -> Performed:
        answer = self.rightly(region, want, at)
        self.put(region, at + 0.001, claim_key(str(want.fields["email"])), None)
        return answer


class OrphanedClaim(Struck):
    """Keeps the email of a user who is gone."""

    operation = Operation.DELETE

    def misdo(self, region: str, want: Want, at: float) -> Performed:
        read = self.current(region, want)
        if read is None:
            raise Refused(404)
        claim = claim_key(read["email"]["S"])
        kept = self.apis[region].replica.get(claim)
        answer = self.rightly(region, want, at)
        self.put(region, at + 0.001, claim, kept)
        return answer


class HistoryGap(Struck):
    """Loses the version before."""

    def misdo(self, region: str, want: Want, at: float) -> Performed:
        read = self.current(region, want)
        assert read is not None
        self.put(region, at - 0.001, Key(want.user_id, read["version_id"]["S"]), None)
        return self.rightly(region, want, at)


class Unrecorded(Struck):
    """Changes a user without writing it down."""

    def misdo(self, region: str, want: Want, at: float) -> Performed:
        answer = self.rightly(region, want, at)
        read = self.current(region, want)
        assert read is not None
        self.put(region, at + 0.001, Key(want.user_id, read["version_id"]["S"]), None)
        return answer
