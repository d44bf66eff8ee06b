"""Where users are kept, as the domain sees it."""

from typing import Protocol

from lambdas.users.domain.user import User


class UserRepository(Protocol):
    """The current users of one region. Every method may raise RepositoryUnavailable."""

    def create(self, user: User) -> None:
        """Keep a user at its first version, its version, and its claim to its email: all of them or none.

        Raises UserAlreadyExists, or else EmailAlreadyInUse.
        """

    def get(self, user_id: str) -> User:
        """Return the user with this id as of the last write that this region accepted.

        Raises UserNotFound.
        """

    def ping(self) -> None:
        """Return within a second if users can be read in this region, or raise RepositoryUnavailable."""
