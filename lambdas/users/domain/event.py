"""What others are told when a user changes: which user and which of its fields, never what is in them."""

from msgspec import Struct

from lambdas.users.domain.version import Change


class UserEvent(Struct, frozen=True, kw_only=True):
    """One change to one user, at the version that it made, told by the region that took it.

    `version_id` is unique to the change, so that whoever hears of it twice can tell. `changed` names fields
    of the profile: those that a new user has, those that an update made other, none for a deletion.
    """

    user_id: str
    version: int
    version_id: str
    region: str
    change: Change
    changed: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        """What happened: `user.created`, `user.updated` or `user.deleted`."""
        return f"user.{self.change.value}"
