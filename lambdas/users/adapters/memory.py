"""Users in the memory of one process, for tests and for trying things out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from threading import RLock

from lambdas.users.domain.errors import (
    EmailAlreadyInUse,
    RequestRepeated,
    Superseded,
    UserAlreadyExists,
    UserNotFound,
)
from lambdas.users.domain.page import Bounds, Order, Page, Position
from lambdas.users.domain.receipt import Receipt
from lambdas.users.domain.text import search_key
from lambdas.users.domain.twins import twins
from lambdas.users.domain.user import User
from lambdas.users.domain.version import Version

VALUES: Mapping[Order, Callable[[User], int | str]] = {
    Order.AGE: lambda user: user.profile.age,
    Order.CREATED: lambda user: user.created_at,
    Order.NAME: lambda user: search_key(user.profile.name),
}


class MemoryUsers:
    """A UserRepository that forgets everything when it goes; receipts expire by the aware clock `now`."""

    def __init__(self, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._lock = RLock()
        self._users: dict[str, User] = {}
        self._owners: dict[str, str] = {}
        self._versions: dict[str, dict[str, User | None]] = {}  # None is a deletion
        self._receipts: dict[str, Receipt] = {}

    def create(self, user: User, *, receipt: Receipt | None = None) -> None:
        """Keep a new user; raises RequestRepeated or else UserAlreadyExists or else EmailAlreadyInUse."""
        with self._lock:
            if receipt is not None:
                self._check_first(receipt)
            versions = self._versions.get(user.user_id, {})
            if user.user_id in self._users or user.version.version_id in versions:
                raise UserAlreadyExists
            self._claim(user)
            self._keep_version(user)
            if receipt is not None:
                self._receipts[receipt.key] = receipt

    def update(self, user: User, *, former_email: str) -> None:
        """Keep the next version of a user; raises UserNotFound, Superseded or EmailAlreadyInUse."""
        with self._lock:
            self._check_version(user.user_id, user.version.supersedes)
            self._claim(user)
            if former_email != user.profile.email:
                self._release(former_email, user.user_id)
            self._keep_version(user)

    def delete(self, user: User, *, deletion: Version) -> int:
        """Remove a user, and return how many versions went; raises UserNotFound or Superseded."""
        with self._lock:
            self._check_version(user.user_id, user.version.version_id)
            del self._users[user.user_id]
            self._release(user.profile.email, user.user_id)
            versions = self._versions[user.user_id]
            deletions = [version_id for version_id, version in versions.items() if version is None]
            self._versions[user.user_id] = dict.fromkeys((*deletions, deletion.version_id))
            return len(versions) - len(deletions)

    def get(self, user_id: str) -> User:
        """Return a user; raises UserNotFound."""
        try:
            return self._users[user_id]
        except KeyError:
            raise UserNotFound from None

    def create_all(self, users: Sequence[User]) -> Mapping[int, Exception]:
        """Keep each of the new users or none of it; return the errors of the others by index."""
        refused = dict(twins(users))
        for index, user in enumerate(users):
            if index not in refused:
                try:
                    self.create(user)
                except (UserAlreadyExists, EmailAlreadyInUse) as refusal:
                    refused[index] = refusal
        return refused

    def get_all(self, user_ids: Sequence[str]) -> Mapping[str, User]:
        """Return those of the ids that are users."""
        with self._lock:
            return {user_id: self._users[user_id] for user_id in user_ids if user_id in self._users}

    def with_email(self, email: str) -> Page[User]:
        """Return the users with a normalised email."""
        found = [user for user in self._all() if user.profile.email == email]
        return Page(items=found, scanned=len(found))

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
        value = VALUES[order]
        places = sorted(
            (
                (value(user), user.user_id, user)
                for user in self._all()
                if bounds.hold(value(user)) and _is_after(after, value(user), user.user_id, descending)
            ),
            key=lambda place: place[:2],
            reverse=descending,
        )
        page = places[:limit]
        return Page(
            items=[user for _, _, user in page],
            after=Position(page[-1][0], page[-1][1]) if len(places) > limit else None,
            scanned=len(page),
        )

    def scan_by_age(self, bounds: Bounds) -> Page[User]:
        """Return every user whose age is within the bounds, by reading them all."""
        users = self._all()
        return Page(items=[user for user in users if bounds.hold(user.profile.age)], scanned=len(users))

    def history(self, user_id: str, *, limit: int, before: str | None = None) -> Page[User]:
        """Return up to `limit` versions, newest first, from just before a version_id; raises UserNotFound."""
        with self._lock:
            current = self.get(user_id)
            versions = sorted(self._since(current), key=lambda user: user.version.version_id, reverse=True)
        found = [user for user in versions if before is None or user.version.version_id < before]
        page = found[:limit]
        after = Position(page[-1].version.version_id, user_id) if len(found) > limit else None
        return Page(items=page, after=after, scanned=len(page))

    def keep(self, receipt: Receipt) -> None:
        """Keep the receipt of a batch; raises RequestRepeated."""
        with self._lock:
            self._check_first(receipt)
            self._receipts[receipt.key] = receipt

    def receipt(self, key: str) -> Receipt | None:
        """Return the receipt with this key if it is kept and has not expired."""
        receipt = self._receipts.get(key)
        return None if receipt is None or receipt.has_expired(self._now()) else receipt

    def ping(self) -> None:
        """Do nothing: memory is always there."""

    def _all(self) -> Sequence[User]:
        """Copy the current users."""
        with self._lock:
            return list(self._users.values())

    def _since(self, current: User) -> Iterator[User]:
        """Find the versions of a user, but not those of somebody who had the id before."""
        for version in self._versions[current.user_id].values():
            if version is not None and version.version.at >= current.created_at:
                yield version

    def _check_first(self, receipt: Receipt) -> None:
        """Refuse a request that was served before, unless it was long ago."""
        first = self._receipts.get(receipt.key)
        if first is not None and not first.has_expired(datetime.fromisoformat(receipt.at)):
            raise RequestRepeated(first)

    def _check_version(self, user_id: str, version_id: str | None) -> None:
        """Refuse to change a user at another version."""
        if self.get(user_id).version.version_id != version_id:
            raise Superseded

    def _claim(self, user: User) -> None:
        """Give the user its email, or refuse."""
        if self._owners.setdefault(user.profile.email, user.user_id) != user.user_id:
            raise EmailAlreadyInUse

    def _release(self, email: str, user_id: str) -> None:
        """Take an email away from the user who owns it."""
        if self._owners.get(email) == user_id:
            del self._owners[email]

    def _keep_version(self, user: User) -> None:
        """Make a version the current one, and part of the history."""
        self._users[user.user_id] = user
        self._versions.setdefault(user.user_id, {})[user.version.version_id] = user


def _is_after(after: Position | None, value: int | str, user_id: str, descending: bool) -> bool:
    """Tell whether a user comes after a position, of which the value has its own type."""
    if after is None:
        return True
    place, position = (value, user_id), (after.value, after.user_id)
    return place < position if descending else place > position
