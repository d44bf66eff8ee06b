"""How a user and its versions are shown."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from lambdas.users.domain.user import Address, Age, Phone, User, UserId
from lambdas.users.domain.version import Change

Timestamp = Annotated[
    str,
    Meta(
        description="RFC 3339 in UTC, with microseconds and `Z`",
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$",
        examples=["2030-01-01T12:00:00.000000Z"],
    ),
]
VersionId = Annotated[
    str,
    Meta(description="the version's time and region", examples=["2030-01-01T12:00:00.000000Z#eu-west-1"]),
]


class UserView(Struct, frozen=True, kw_only=True):
    """A user; `timestamp` is that of its current version, of which the number is `version`."""

    user_id: UserId
    timestamp: Timestamp
    name: str
    email: str
    age: Age
    phone: Phone | UnsetType = UNSET
    address: Address | UnsetType = UNSET
    created_at: Timestamp
    updated_at: Timestamp
    version: Annotated[int, Meta(ge=1)]


class VersionView(Struct, frozen=True, kw_only=True):
    """A user as of one version, which a `change` in a region made of the version that it supersedes."""

    version_id: VersionId
    timestamp: Timestamp
    version: Annotated[int, Meta(ge=1)]
    change: Change
    region: str
    supersedes: VersionId | UnsetType = UNSET
    name: str
    email: str
    age: Age
    phone: Phone | UnsetType = UNSET
    address: Address | UnsetType = UNSET


def user_view(user: User) -> UserView:
    """Return what clients see of a user."""
    profile, version = user.profile, user.version
    return UserView(
        user_id=user.user_id,
        timestamp=version.at,
        name=profile.name,
        email=profile.email,
        age=profile.age,
        phone=_present(profile.phone),
        address=_present(profile.address),
        created_at=user.created_at,
        updated_at=version.at,
        version=version.number,
    )


def version_view(user: User) -> VersionView:
    """Return what clients see of a user at one of its versions."""
    profile, version = user.profile, user.version
    return VersionView(
        version_id=version.version_id,
        timestamp=version.at,
        version=version.number,
        change=version.change,
        region=version.region,
        supersedes=_present(version.supersedes),
        name=profile.name,
        email=profile.email,
        age=profile.age,
        phone=_present(profile.phone),
        address=_present(profile.address),
    )


def _present(text: str | None) -> str | UnsetType:
    """Leave out what is not there: a client sees no null."""
    return UNSET if text is None else text
