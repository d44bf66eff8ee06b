"""A service that is corrupted, restored and replayed, in memory: clients, bad writes, and both tables."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from lambdas.recovery.adapters.replay_table import Outcome, replay
from lambdas.recovery.domain.corruption import Corruption
from lambdas.users.adapters.dynamodb import DynamoUsers
from lambdas.users.adapters.item import (
    claim_key,
    claim_row,
    current_row,
    former_user_of,
    history_row,
    user_key,
)
from lambdas.users.adapters.table import Table
from lambdas.users.domain.receipt import Receipt
from lambdas.users.domain.user import User, deletion, first_version, next_version
from lambdas.users.domain.validation import changed_profile, new_user
from tests.lambdas.recovery.dictionary import Dictionary, Row, key_of

RETENTION = timedelta(days=30)
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
PRIMARY, SECONDARY = "eu-west-1", "eu-central-1"
FORMER, RESTORED = "users", "users-restored"
BAD = "@rewritten.invalid"
REWRITTEN = Corruption.of("email", rf".*{BAD}")


class Service:
    """The application on the former table, and what an operator has it restored to.

    Every write takes a second of a clock of its own. A bad write goes the way of a good one.
    """

    def __init__(self) -> None:
        self.tables = Dictionary()
        self.tables.tables[FORMER] = {}
        self.now = NOON

    def create(self, user_id: str, *, receipt: str | None = None, on: str = FORMER, **fields: object) -> User:
        new = new_user({"name": user_id.title(), "email": f"{user_id}@example.com", **fields})
        user = first_version(new, user_id=user_id, at=self._tick(), region=PRIMARY)
        kept = Receipt(key=receipt, digest="-", at=user.version.at, region=PRIMARY) if receipt else None
        self._users(on).create(user, receipt=kept)
        return user

    def update(self, user_id: str, *, region: str = PRIMARY, on: str = FORMER, **fields: object) -> User:
        user = self._users(on).get(user_id)
        changed = next_version(user, changed_profile(user.profile, fields), at=self._tick(), region=region)
        self._users(on).update(changed, former_email=user.profile.email)
        return changed

    def rewrite(self, user_id: str, **fields: Any) -> User:  # noqa: ANN401  # of any field
        """Write as the bad deploy does."""
        return self.update(user_id, **{"email": f"{user_id}{BAD}", **fields})

    def delete(self, user_id: str, *, on: str = FORMER) -> str:
        user = self._users(on).get(user_id)
        last = deletion(user, at=self._tick(), region=PRIMARY)
        self._users(on).delete(user, deletion=last)
        return last.version_id

    def script_removes(self, user_id: str) -> None:
        """Remove the rows that an index names, as the bad script does."""
        user = self._users().get(user_id)
        for key in (user_key(user_id), claim_key(user.profile.email)):
            self.tables.tables[FORMER].pop(key_of(key), None)

    def fork(self, user_id: str, *, wins: bool, **fields: object) -> User:
        """Have the other Region write what supersedes the same version as the current one does."""
        current = self._users().get(user_id)
        rows = {row["timestamp"]["S"]: row for row in self.history(user_id, FORMER)}
        parent = former_user_of(rows[current.version.supersedes or ""])
        assert parent is not None
        rival = self.after(parent, **fields)
        self.keep(rival, current=wins)
        return rival

    def after(self, user: User, **fields: object) -> User:
        """Make the other Region's next version of a user."""
        profile = changed_profile(user.profile, fields)
        return next_version(user, profile, at=self._tick(), region=SECONDARY)

    def keep(self, user: User, *, current: bool) -> None:
        """Receive a version from the other Region, and its current row unless another write was later."""
        history = history_row(user, retention=RETENTION)
        for row in (history, current_row(user)) if current else (history,):
            self.tables.tables[FORMER][key_of(row)] = row

    def claim(self, user: User) -> None:
        """Receive a claim from the other Region."""
        row = claim_row(user)
        self.tables.tables[FORMER][key_of(row)] = row

    def snapshot(self) -> None:
        """Restore the table to this second."""
        self.tables.copy(FORMER, RESTORED)

    def replay(self, corruption: Corruption | None = REWRITTEN) -> Outcome:
        return replay(self._table(FORMER), self._table(RESTORED), corruption)

    def get(self, user_id: str, table: str = FORMER) -> User | None:
        return self._users(table).get_all([user_id]).get(user_id)

    def restored(self, user_id: str) -> User:
        return self._users(RESTORED).get(user_id)

    def history(self, user_id: str, table: str = RESTORED) -> Sequence[Row]:
        """Return the history rows of a user, the earliest first."""
        rows = {sort: row for (owner, sort), row in self.tables.tables[table].items() if owner == user_id}
        return [rows[sort] for sort in sorted(rows) if sort != "CURRENT"]

    def claims(self, table: str = RESTORED) -> Mapping[str, str]:
        return {
            owner.removeprefix("EMAIL#"): row["owner"]["S"]
            for (owner, sort), row in self.tables.tables[table].items()
            if sort == "CLAIM"
        }

    def row(self, user_id: str, sort: str, table: str = RESTORED) -> Row | None:
        return self.tables.tables[table].get((user_id, sort))

    def _table(self, name: str) -> Table:
        return Table(name, self.tables, pause=lambda _seconds: None)

    def _users(self, table: str = FORMER) -> DynamoUsers:
        call: Any = self.tables
        return DynamoUsers(table=table, region=PRIMARY, retention=RETENTION, call=call, probe=call)

    def _tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now
