"""The parameters in the query of a request, as they are read and as they are documented."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, get_args

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from lambdas.users.http.body import UNKEEPABLE
from lambdas.users.http.cursor import MAX_CHARACTERS
from lambdas.users.http.errors import InvalidRequest

P = TypeVar("P", bound=Struct)

_INTEGER = re.compile("-?[0-9]{1,10}", re.ASCII)

Cursor = Annotated[
    str, Meta(min_length=1, max_length=MAX_CHARACTERS, description="the next_cursor of the page before")
]
Limit = Annotated[int, Meta(ge=1, le=100, description="an integer from 1 to 100")]
LongLimit = Annotated[int, Meta(ge=1, le=1000, description="an integer from 1 to 1000")]
Years = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1, description="an integer of 32 bits")]
# Ten years; the least time that Python knows is then far away.
Hours = Annotated[int, Meta(ge=1, le=87_600, description="an integer from 1 to 87600")]
# Whatever it says, it may be nobody's: then nobody is found.
Text = Annotated[str, Meta(min_length=1, description="text")]
Prefix = Annotated[str, Meta(min_length=1, max_length=254, description="text of 1 to 254 characters")]


class Paged(Struct, frozen=True, kw_only=True):
    """Which page of a listing: how many to show, and where to go on."""

    limit: Limit = 50
    cursor: Cursor | UnsetType = UNSET


class ByUser(Struct, frozen=True, kw_only=True):
    """Whom to show."""

    user_id: Text


class ByEmail(Struct, frozen=True, kw_only=True):
    """Whose email it is."""

    email: Text


class AgeRange(Struct, frozen=True, kw_only=True):
    """The ages to show, both included."""

    min_age: Years = 0
    max_age: Years = 200


class PagedAgeRange(AgeRange, frozen=True, kw_only=True):
    """The ages to show, a page at a time."""

    limit: Limit = 50
    cursor: Cursor | UnsetType = UNSET


class History(Paged, frozen=True, kw_only=True):
    """Whose versions to show."""

    user_id: Text


class Recent(Struct, frozen=True, kw_only=True):
    """Since when."""

    hours: Hours = 24
    limit: LongLimit = 1000
    cursor: Cursor | UnsetType = UNSET


class Search(Paged, frozen=True, kw_only=True):
    """What a name starts with, or what an email is."""

    q: Prefix


class AnyQuery(Struct, frozen=True, kw_only=True):
    """What all queries take, each its own part of it."""

    operation: Annotated[str, Meta(description="which query; without one they are listed")] | UnsetType = (
        UNSET
    )
    user_id: Text | UnsetType = UNSET
    email: Text | UnsetType = UNSET
    min_age: Years = 0
    max_age: Years = 200
    hours: Hours = 24
    q: Prefix | UnsetType = UNSET
    limit: LongLimit | UnsetType = UNSET
    cursor: Cursor | UnsetType = UNSET


def read(query: Mapping[str, str], parameters: type[P]) -> P:
    """Return the parameters in a query; unknown ones are ignored.

    Raises InvalidRequest, which names the first that breaks its rule, or is required and absent or empty.
    """
    given = {}
    for field in msgspec.structs.fields(parameters):
        text = query.get(field.name)
        if field.required and not text:
            raise InvalidRequest(f"{field.name} parameter is required")
        if text is not None:
            given[field.name] = _value(field.name, text, field.type)
    return parameters(**given)


def _value(name: str, text: str, annotation: Any) -> Any:  # noqa: ANN401  # a type annotation is any object
    """Read one parameter; an integer is digits and nothing else, neither `3e1` nor `30.0`."""
    whole = int in get_args(annotation) and _INTEGER.fullmatch(text)
    try:
        if UNKEEPABLE.search(text):
            raise ValueError
        return msgspec.convert(int(text) if whole else text, annotation)
    except ValueError:
        raise InvalidRequest(f"Invalid parameter: '{name}' must be {rule(annotation)}") from None


def rule(annotation: Any) -> str:  # noqa: ANN401  # a type annotation is any object
    """Return the description that a constrained type, or the optional form of one, carries."""
    for part in (annotation, *get_args(annotation)):
        for meta in getattr(part, "__metadata__", ()):
            return str(meta.description)
    raise TypeError(annotation)
