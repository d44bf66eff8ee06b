"""What a table says of a user: its versions, and which of them is current."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from msgspec import Struct

from lambdas.users.domain.user import Profile, User
from lambdas.users.domain.version import Version


class Record(Struct, frozen=True, kw_only=True):
    """One version of a user; a deletion has no profile. All versions of one life have one `created_at`."""

    user_id: str
    created_at: str
    version: Version
    profile: Profile | None = None

    @property
    def version_id(self) -> str:
        """The id of the version: it never changes, whatever the version is put upon."""
        return self.version.version_id

    @property
    def deletes(self) -> bool:
        """Tell whether it ends a life."""
        return self.profile is None

    @property
    def email(self) -> str | None:
        """The email, which a deletion has not."""
        return None if self.profile is None else self.profile.email

    def user(self) -> User:
        """Return the user at this version, which is no deletion."""
        assert self.profile is not None  # noqa: S101  # nobody asks for the user whom a deletion left
        return User(
            user_id=self.user_id, profile=self.profile, created_at=self.created_at, version=self.version
        )


class Kept(Struct, frozen=True, kw_only=True):
    """What one table has of one user.

    `versions` has each by its id, the current one too, as the history row says it where there is one.
    `recorded` are the ids that have a history row, and `current` is what the current row says.
    """

    versions: Mapping[str, Record] = {}
    recorded: AbstractSet[str] = frozenset()
    current: Record | None = None
