"""Users in one region's replica of a DynamoDB table."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from lambdas.users.adapters import bulk, history, listing, search, writes
from lambdas.users.adapters.call import DynamoCall, DynamoError
from lambdas.users.adapters.item import receipt_key, receipt_of, region_key, user_key, user_of
from lambdas.users.adapters.listing import Listing
from lambdas.users.adapters.meter import metered
from lambdas.users.adapters.table import Table
from lambdas.users.adapters.transaction import Write, commit
from lambdas.users.domain.errors import RepositoryUnavailable, UserNotFound
from lambdas.users.domain.page import Bounds, Order, Page, Position
from lambdas.users.domain.receipt import Receipt
from lambdas.users.domain.user import User
from lambdas.users.domain.version import Version


class DynamoUsers:
    """A UserRepository. `probe` is the road that ping takes: one try, and no more than a second.

    `now` is an aware clock, for receipts to expire.
    """

    def __init__(
        self,
        *,
        table: str,
        region: str,
        retention: timedelta,
        call: DynamoCall,
        probe: DynamoCall,
        pause: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._table = Table(table, metered(call), pause)
        self._region = region
        self._retention = retention
        self._probe = metered(probe)
        self._now = now

    def create(self, user: User, *, receipt: Receipt | None = None) -> None:
        """Keep a new user; raises RequestRepeated or else UserAlreadyExists or else EmailAlreadyInUse."""
        creation = writes.creation(user, retention=self._retention)
        commit(self._table, creation if receipt is None else (writes.first_time(receipt), *creation))

    def update(self, user: User, *, former_email: str) -> None:
        """Keep the next version of a user; raises UserNotFound, Superseded or EmailAlreadyInUse."""
        email_changes = former_email != user.profile.email
        update = writes.update(user, retention=self._retention, email_changes=email_changes)
        if email_changes:
            self._commit_and_release(update, former_email, user.user_id)
        else:
            commit(self._table, update)

    def delete(self, user: User, *, deletion: Version) -> int:
        """Remove a user, and return how many versions went; raises UserNotFound or Superseded.

        The versions go after the user: where that fails, they stay until they expire, and nobody sees them.
        """
        delete = writes.deletion(user, deletion, retention=self._retention)
        self._commit_and_release(delete, user.profile.email, user.user_id)
        keys = history.keys(self._table, user.user_id)
        bulk.remove(self._table, keys)
        return len(keys)

    def get(self, user_id: str) -> User:
        """Return a user; raises UserNotFound.

        The read is strongly consistent, so that whoever was told 201 can follow `Location` at once.
        """
        request = {"TableName": self._table.name, "Key": user_key(user_id), "ConsistentRead": True}
        response = self._table.ask("GetItem", request)
        if "Item" not in response:
            raise UserNotFound
        return user_of(response["Item"])

    def create_all(self, users: Sequence[User]) -> Mapping[int, Exception]:
        """Keep each of the new users or none of it; return the errors of the others by index."""
        return bulk.create_all(self._table, users, retention=self._retention)

    def get_all(self, user_ids: Sequence[str]) -> Mapping[str, User]:
        """Return those of the ids that are users."""
        return bulk.get_all(self._table, user_ids)

    def with_email(self, email: str) -> Page[User]:
        """Return the users with a normalised email."""
        return search.with_email(self._table, email)

    def in_order(
        self,
        order: Order,
        *,
        bounds: Bounds,
        limit: int,
        after: Position | None = None,
        descending: bool = False,
    ) -> Page[User]:
        """Return up to `limit` users within the bounds, from just after a position."""
        wanted = Listing(order=order, bounds=bounds, limit=limit, after=after, descending=descending)
        return listing.in_order(self._table, wanted)

    def scan_by_age(self, bounds: Bounds) -> Page[User]:
        """Return every user whose age is within the bounds, by reading them all."""
        return search.scan_by_age(self._table, bounds)

    def history(self, user_id: str, *, limit: int, before: str | None = None) -> Page[User]:
        """Return up to `limit` versions, newest first, from just before a version_id; raises UserNotFound."""
        return history.versions(self._table, self.get(user_id), limit=limit, before=before)

    def keep(self, receipt: Receipt) -> None:
        """Keep the receipt of a batch; raises RequestRepeated.

        It is a transaction because that has a token: a plain put that is repeated for want of an answer
        would meet its own row.
        """
        commit(self._table, [writes.first_time(receipt)])

    def receipt(self, key: str) -> Receipt | None:
        """Return the receipt with this key if it is kept and has not expired."""
        request = {"TableName": self._table.name, "Key": receipt_key(key), "ConsistentRead": True}
        response = self._table.ask("GetItem", request)
        receipt = receipt_of(response["Item"]) if "Item" in response else None
        return None if receipt is None or receipt.has_expired(self._now()) else receipt

    def ping(self) -> None:
        """Read one row, present or not; raises RepositoryUnavailable whatever the reason."""
        try:
            self._probe("GetItem", {"TableName": self._table.name, "Key": region_key(self._region)})
        except DynamoError as error:
            raise RepositoryUnavailable from error

    def _commit_and_release(self, changes: Sequence[Write], email: str, user_id: str) -> None:
        """Do the changes, and give up an email unless it is somebody else's: then it is left alone."""
        try:
            commit(self._table, (*changes, writes.release(email, user_id)))
        except writes.ClaimedByAnother:
            commit(self._table, changes)
