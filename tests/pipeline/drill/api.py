"""The users API in one Region, as far as a drill can tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pipeline.drill.attempt import Fields, Stored
from pipeline.drill.rows import Key
from tests.pipeline.drill.replicas import Item, Replica


class Refused(Exception):
    """The request was at fault, or too early or late."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Api:
    """Answers requests out of one replica. Times are seconds since the epoch."""

    def __init__(self, replica: Replica) -> None:
        self.replica = replica

    def create(self, at: float, user_id: str, fields: Fields, *, key: str) -> Stored:
        receipt = self.replica.get(Key(f"REQUEST#{key}", "REQUEST"))
        if receipt is not None:
            return Stored(user_id=user_id, email=str(fields["email"]), version=1, at=receipt["at"]["S"])
        if self.replica.get(Key(user_id, "CURRENT")) or self._taken(str(fields["email"]), user_id):
            raise Refused(409)
        when = timestamp(at)
        self.replica.commit(
            at,
            {
                **self.version(user_id, 1, when, "created", None, when, {"age": 0, **fields}),
                Key(f"REQUEST#{key}", "REQUEST"): row(Key(f"REQUEST#{key}", "REQUEST"), at=when),
            },
        )
        return self._stored(user_id)

    def update(self, at: float, user_id: str, fields: Fields) -> Stored:
        current = self._current(user_id)
        former = profile_of(current)
        profile = {name: value for name, value in {**former, **fields}.items() if value is not None}
        if self._taken(str(profile["email"]), user_id):
            raise Refused(409)
        writes: dict[Key, Item | None] = {}
        if profile["email"] != former["email"]:
            writes[claim_key(str(former["email"]))] = None
        self.replica.commit(at, {**writes, **self.next_version(at, current, "updated", profile)})
        return self._stored(user_id)

    def delete(self, at: float, user_id: str) -> None:
        current = self._current(user_id)
        old = [key for key in self.replica.keys(user_id) if key.sort != "CURRENT"]
        tombstone = self.next_version(at, current, "deleted", None)
        gone: dict[Key, Item | None] = {
            Key(user_id, "CURRENT"): None,
            claim_key(str(profile_of(current)["email"])): None,
        }
        self.replica.commit(at, {**tombstone, **gone})
        self.replica.commit(
            at + 0.001, {key: None for key in old if "profile" in (self.replica.get(key) or {})}
        )

    def next_version(
        self, at: float, current: Item, change: str, profile: Fields | None
    ) -> dict[Key, Item | None]:
        """Return the rows of the version after a current one."""
        former = current["version_id"]["S"]
        after = datetime.fromisoformat(former.partition("#")[0]) + timedelta(microseconds=1)
        when = max(timestamp(at), timestamp(after.timestamp()))
        number = int(current["version"]["N"]) + 1
        user_id, created_at = current["user_id"]["S"], current["created_at"]["S"]
        return self.version(user_id, number, when, change, former, created_at, profile)

    def version(
        self,
        user_id: str,
        number: int,
        when: str,
        change: str,
        supersedes: str | None,
        created_at: str,
        profile: Fields | None,
    ) -> dict[Key, Item | None]:
        """Return the rows of a version: current, history and claim; a deletion has a history row only."""
        version_id = f"{when}#{self.replica.region}"
        said: dict[str, str | int] = {
            "created_at": created_at,
            "version": number,
            "region": self.replica.region,
            "change": change,
        }
        said |= {} if supersedes is None else {"supersedes": supersedes}
        history = row(Key(user_id, version_id), **said)
        if profile is None:
            return {Key(user_id, version_id): history}
        fields = {name: attribute(value) for name, value in profile.items() if value is not None}
        claim = claim_key(str(profile["email"]))
        return {
            Key(user_id, "CURRENT"): {
                **row(Key(user_id, "CURRENT"), **said, version_id=version_id, updated_at=when),
                **fields,
            },
            Key(user_id, version_id): {**history, "profile": {"M": fields}},
            claim: row(claim, owner=user_id),
        }

    def _taken(self, email: str, user_id: str) -> bool:
        claim = self.replica.get(claim_key(email))
        return claim is not None and claim["owner"]["S"] != user_id

    def _current(self, user_id: str) -> Item:
        current = self.replica.get(Key(user_id, "CURRENT"))
        if current is None:
            raise Refused(404)
        return current

    def _stored(self, user_id: str) -> Stored:
        current = self._current(user_id)
        number, at = int(current["version"]["N"]), current["updated_at"]["S"]
        return Stored(user_id=user_id, email=current["email"]["S"], version=number, at=at)


def timestamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def claim_key(email: str) -> Key:
    return Key(f"EMAIL#{email}", "CLAIM")


def attribute(value: str | int) -> dict[str, str]:
    return {"N": str(value)} if isinstance(value, int) else {"S": value}


def row(key: Key, **said: str | int) -> Item:
    """Return a row with this key that says this."""
    values = {"user_id": key.user_id, "timestamp": key.sort, **said}
    return {name: attribute(value) for name, value in values.items()}


def profile_of(current: Item) -> dict[str, str | int]:
    names = ("name", "email", "age", "phone", "address")
    return {
        name: int(current[name]["N"]) if name == "age" else current[name]["S"]
        for name in names
        if name in current
    }
