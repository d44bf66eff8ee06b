"""The bodies of requests, as they are read and as they are documented.

A new user's own rules are the domain's.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field

from lambdas.users.domain.errors import Fault, InvalidUser
from lambdas.users.domain.user import Address, Age, Email, Name, NewUser, Phone, UserId
from lambdas.users.domain.validation import new_user
from lambdas.users.http.errors import InvalidRequest

MAX_BATCH = 1000
MAX_BATCH_BYTES = 6 * 1024 * 1024


Ids = Annotated[list[str], Meta(min_length=1, max_length=MAX_BATCH, description="ids of users")]


class ChangedUser(Struct, frozen=True, kw_only=True):
    """What is to change of a user; null removes what is optional, and what is not named stays."""

    name: Name | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    age: Age | UnsetType = UNSET
    phone: Phone | UnsetType | None = UNSET
    address: Address | UnsetType | None = UNSET


class TutorialNewUser(Struct, frozen=True, kw_only=True, rename="pascal"):
    """A new user in the keys of the tutorial."""

    user_id: UserId = field(name="UserID")
    name: Name
    email: Email
    age: Age = 0


class BatchWrite(Struct, frozen=True, kw_only=True, tag_field="operation", tag="batch_write"):
    """Create users, each of them or not on its own merits."""

    users: Annotated[list[NewUser], Meta(min_length=1, max_length=MAX_BATCH)]


class BatchRead(Struct, frozen=True, kw_only=True, tag_field="operation", tag="batch_read"):
    """Read users."""

    user_ids: Ids


class BatchDelete(Struct, frozen=True, kw_only=True, tag_field="operation", tag="batch_delete"):
    """Delete users, and their versions."""

    user_ids: Ids


class PopulateSampleData(
    Struct, frozen=True, kw_only=True, tag_field="operation", tag="populate_sample_data"
):
    """Create eight users to try queries on."""


Batch = BatchWrite | BatchRead | BatchDelete | PopulateSampleData


def members(document: Mapping[str, object], field: str, *, word: str) -> Sequence[object]:
    """Return the 1 to 1,000 members of a batch that a field lists, whatever they are, called `word`.

    Raises InvalidRequest.
    """
    values = document.get(field)
    if values is None or values == []:
        raise InvalidRequest(f"No {word} provided")
    if not isinstance(values, list):
        raise InvalidRequest(f"Invalid field: '{field}' must be a list")
    if len(values) > MAX_BATCH:
        raise InvalidRequest(f"Invalid field: '{field}' must list at most {MAX_BATCH}")
    return values


def user_ids(document: Mapping[str, object]) -> Sequence[str]:
    """Return the ids that a batch is about, as they are given; raises InvalidRequest."""
    try:
        return msgspec.convert(members(document, "user_ids", word="user IDs"), list[str])
    except msgspec.ValidationError:
        raise InvalidRequest("Invalid field: 'user_ids' must list text") from None


def could_be_id(text: str) -> bool:
    """Tell whether a user can have a text as its id."""
    try:
        msgspec.convert(text, UserId)
    except msgspec.ValidationError:
        return False
    return True


def tutorial_user(document: Mapping[str, object]) -> NewUser:
    """Return the new user that a body in the keys of the tutorial describes, which has an id.

    Raises InvalidUser, with the faults under those keys.
    """
    keys = {name.name: name.encode_name for name in msgspec.structs.fields(TutorialNewUser)}
    fields = {name: document[key] for name, key in keys.items() if key in document}
    if fields.get("user_id") is None:
        fields["user_id"] = ""
    try:
        return new_user(fields)
    except InvalidUser as refusal:
        raise InvalidUser(
            tuple(
                Fault(keys[fault.field], fault.rule, missing=keys[fault.field] not in document)
                for fault in refusal.faults
            )
        ) from None
