"""A user: the rules of each field, and what a user is once it exists."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from lambdas.users.domain.version import Change, Version, timestamp, timestamp_after

# RFC 5322 dot-atoms with the letters and digits of any script (RFC 6532). Quoted strings, comments and domain
# literals are left out, as HTML leaves them out. No separator is ambiguous, so matching takes linear time.
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_LABEL = r"[^\W_]+(-+[^\W_]+)*"

# `$` alone would let a trailing newline through.
UserId = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_-]{1,128}$(?!\n)",
        description="1 to 128 letters, digits, hyphens or underscores",
    ),
]
Name = Annotated[
    str, Meta(min_length=1, max_length=200, description="text of 1 to 200 characters after trimming")
]
Email = Annotated[
    str,
    Meta(
        max_length=254,
        pattern=rf"^{_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})*$(?!\n)",
        description="one email address of at most 254 characters",
    ),
]
Age = Annotated[int, Meta(ge=0, le=150, description="an integer from 0 to 150")]
Phone = Annotated[str, Meta(max_length=32, description="text of at most 32 characters")]
Address = Annotated[str, Meta(max_length=500, description="text of at most 500 characters")]


class Profile(Struct, frozen=True, kw_only=True):
    """What a user says of themselves; the email is normalised."""

    name: Name
    email: Email
    age: Age = 0
    phone: Phone | None = None
    address: Address | None = None


class NewUser(Profile, frozen=True, kw_only=True):
    """A profile that asks to become a user, under an id of its own choice or any."""

    user_id: UserId | None = None


class User(Struct, frozen=True, kw_only=True):
    """A profile at one version; `created_at` is the timestamp of the first."""

    user_id: str
    profile: Profile
    created_at: str
    version: Version


def first_version(new: NewUser, *, user_id: str, at: datetime, region: str) -> User:
    """Return the user that `new` becomes when it is created as `user_id` at an aware time in a region."""
    version = Version(number=1, at=timestamp(at), region=region, change=Change.CREATED)
    profile = msgspec.convert(new, Profile, from_attributes=True)
    return User(user_id=user_id, profile=profile, created_at=version.at, version=version)


def next_version(user: User, profile: Profile, *, at: datetime, region: str) -> User:
    """Return the user that `user` becomes with another profile, at an aware time in a region.

    The version is later than the one that it supersedes, whatever the clock says: see `timestamp_after`.
    """
    version = _successor(user, Change.UPDATED, at=at, region=region)
    return User(user_id=user.user_id, profile=profile, created_at=user.created_at, version=version)


def deletion(user: User, *, at: datetime, region: str) -> Version:
    """Return the last version of a user, which says that it was deleted at an aware time in a region."""
    return _successor(user, Change.DELETED, at=at, region=region)


def _successor(user: User, change: Change, *, at: datetime, region: str) -> Version:
    """Make the version that supersedes a user's."""
    former = user.version
    return Version(
        number=former.number + 1,
        at=timestamp_after(former.at, at),
        region=region,
        change=change,
        supersedes=former.version_id,
    )
