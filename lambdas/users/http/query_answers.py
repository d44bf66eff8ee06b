"""The documents that answer a query, each with what it cost."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from lambdas.users.http.answers import Count, NextCursor
from lambdas.users.http.views import Timestamp, UserView, VersionView


class Costed(Struct, frozen=True, kw_only=True):
    """How many rows were read, and how many capacity units that took."""

    scanned_count: Count
    consumed_capacity: Annotated[float, Meta(ge=0)]


class QueryOperation(Struct, frozen=True, kw_only=True):
    """One query: what it does, its parameters in words, and a request to try."""

    description: str
    parameters: dict[str, str]
    example: str


class QueriesListed(Costed, frozen=True, kw_only=True):
    """The queries that there are."""

    message: str
    operations: dict[str, QueryOperation]


class UserQueried(Costed, frozen=True, kw_only=True):
    """One user, found by its key."""

    user: UserView
    query_type: str


class UsersQueried(Costed, frozen=True, kw_only=True):
    """The users who match, or a page of them."""

    users: tuple[UserView, ...]
    count: Count
    query_type: str
    next_cursor: NextCursor | UnsetType = UNSET


class AgesQueried(UsersQueried, frozen=True, kw_only=True):
    """Users within a range of ages."""

    age_range: Annotated[str, Meta(examples=["25-35"])]


class HistoryQueried(Costed, frozen=True, kw_only=True):
    """A page of the versions of a user, newest first."""

    user_id: str
    versions: tuple[VersionView, ...]
    version_count: Annotated[int, Meta(ge=0, description="how many versions are on this page")]
    query_type: str
    next_cursor: NextCursor | UnsetType = UNSET


class RecentQueried(Costed, frozen=True, kw_only=True):
    """Users who were created since the cutoff, newest first."""

    users: tuple[UserView, ...]
    count: Count
    timeframe: Annotated[str, Meta(examples=["Last 24 hours"])]
    cutoff_time: Timestamp
    next_cursor: NextCursor | UnsetType = UNSET
