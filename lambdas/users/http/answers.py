"""The documents that answer a request about users, as they are encoded and as they are documented."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, field

from lambdas.users.domain.user import Age
from lambdas.users.http.errors import Failed
from lambdas.users.http.views import UserView

Count = Annotated[int, Meta(ge=0)]
NextCursor = Annotated[str, Meta(description="the cursor of the next page; absent on the last one")]


class UserFound(Struct, frozen=True, kw_only=True):
    """One user."""

    user: UserView


class UserSaved(Struct, frozen=True, kw_only=True):
    """One user, after a write to it."""

    message: str
    user: UserView


class UsersListed(Struct, frozen=True, kw_only=True):
    """One page of users, in the order in which they were created."""

    users: tuple[UserView, ...]
    count: Count
    next_cursor: NextCursor | UnsetType = UNSET


class Done(Struct, frozen=True, kw_only=True):
    """What was done."""

    message: str


class Healthy(Struct, frozen=True, kw_only=True):
    """The region that can serve."""

    status: Annotated[str, Meta(examples=["ok"])]
    region: str


class UsersCreated(Struct, frozen=True, kw_only=True):
    """The users of a batch who were created, and those who were not."""

    message: str
    users: tuple[UserView, ...]
    failed: tuple[Failed, ...] | UnsetType = UNSET


class UsersRead(Struct, frozen=True, kw_only=True):
    """Each user who was found and each id that was not, once, in the order of the request."""

    found_users: tuple[UserView, ...]
    not_found_users: tuple[str, ...]
    total_requested: Count
    total_found: Count


class UsersDeleted(Struct, frozen=True, kw_only=True):
    """How many users were deleted, and each id that was nobody's, once, in the order of the request."""

    message: str
    not_found_users: tuple[str, ...]


class TutorialUser(Struct, frozen=True, kw_only=True, rename="pascal"):
    """A user in the keys of the tutorial, which has none of them where there is no such user."""

    user_id: str | UnsetType = field(default=UNSET, name="UserID")
    name: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    age: Age | UnsetType = UNSET
