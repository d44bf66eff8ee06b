"""Where users are kept, as the domain sees it."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from lambdas.users.domain.page import Bounds, Order, Page, Position
from lambdas.users.domain.receipt import Receipt
from lambdas.users.domain.user import User
from lambdas.users.domain.version import Version


class UserRepository(Protocol):
    """The users of one region. Every method may raise RepositoryUnavailable.

    `get` and `get_all` answer as of the last write that this region accepted; listings and `with_email` may
    be behind by as long as an index takes.
    """

    def create(self, user: User, *, receipt: Receipt | None = None) -> None:
        """Keep a user at its first version, its version, its claim to its email, and a receipt: all or none.

        Raises RequestRepeated with the first receipt where one with this key is kept already; or else
        UserAlreadyExists, or else EmailAlreadyInUse.
        """

    def update(self, user: User, *, former_email: str) -> None:
        """Keep a user at its next version, which supersedes the one that it was made from; the claim moves
        where the email is another.

        Raises UserNotFound, or Superseded where the user is at another version by now, or EmailAlreadyInUse.
        """

    def delete(self, user: User, *, deletion: Version) -> int:
        """Remove a user, its versions but the deletion, and its claim; return how many versions went.

        Raises UserNotFound, or Superseded where the user is at another version than `user` is.
        """

    def get(self, user_id: str) -> User:
        """Return the user with this id; raises UserNotFound."""

    def create_all(self, users: Sequence[User]) -> Mapping[int, Exception]:
        """Keep each of up to 1,000 new users or none of it, side by side.

        Returns what `create` would have raised, by index, for those that were not kept. Of two in one call
        with the same id or email, the first wins.
        """

    def get_all(self, user_ids: Sequence[str]) -> Mapping[str, User]:
        """Return those of up to 1,000 ids that are users."""

    def with_email(self, email: str) -> Page[User]:
        """Return the users with a normalised email: one at the most, but for a fork between regions."""

    def in_order(
        self,
        order: Order,
        *,
        bounds: Bounds,
        limit: int,
        after: Position | None = None,
        descending: bool = False,
    ) -> Page[User]:
        """Return up to `limit` users within the bounds, from just after a position.

        Page after page, no user is skipped or repeated that did not change, whatever is inserted or deleted
        meanwhile, and in whichever region it goes on.
        """

    def scan_by_age(self, bounds: Bounds) -> Page[User]:
        """Return every user whose age is within the bounds, by reading them all: what an index saves."""

    def history(self, user_id: str, *, limit: int, before: str | None = None) -> Page[User]:
        """Return up to `limit` versions of a user, newest first, from just before a version_id.

        The current version is among them even after its history row expired. A page's `after` has the last
        version_id as its value. Raises UserNotFound where there is no current user with this id.
        """

    def keep(self, receipt: Receipt) -> None:
        """Keep the receipt of a batch; raises RequestRepeated where one with this key is kept already."""

    def receipt(self, key: str) -> Receipt | None:
        """Return the receipt with this key if it is kept and has not expired."""

    def ping(self) -> None:
        """Return within a second if users can be read in this region, or raise RepositoryUnavailable."""
