"""From loose fields to a user that keeps every rule, or to the list of rules that it breaks."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, get_args, get_origin

import msgspec

from lambdas.users.domain.errors import Fault, InvalidUser
from lambdas.users.domain.text import normalised_email
from lambdas.users.domain.user import NewUser, Profile

_TIDY: Mapping[str, Callable[[str], str]] = {"name": str.strip, "email": normalised_email}


def new_user(fields: Mapping[str, object]) -> NewUser:
    """Return the new user that decoded JSON describes; unknown fields are ignored.

    Raises InvalidUser, with every field that breaks its rule.
    """
    tidied = _tidied(fields)
    try:
        return msgspec.convert(tidied, NewUser)
    except msgspec.ValidationError:
        raise InvalidUser(tuple(_faults(tidied, NewUser, partial=False))) from None


def changed_profile(profile: Profile, fields: Mapping[str, object]) -> Profile:
    """Return a profile with those of its fields changed that decoded JSON gives; unknown fields are ignored.

    None removes what is optional. Raises InvalidUser, with every given field that breaks its rule: what the
    profile has already is not judged again.
    """
    tidied = _tidied({name: fields[name] for name in Profile.__struct_fields__ if name in fields})
    faults = tuple(_faults(tidied, Profile, partial=True))
    if faults:
        raise InvalidUser(faults)
    return msgspec.structs.replace(profile, **tidied)


def _tidied(fields: Mapping[str, object]) -> dict[str, object]:
    """Trim or normalise text, and leave a value of another type for the rules to refuse."""
    return {
        name: _TIDY[name](value) if name in _TIDY and isinstance(value, str) else value
        for name, value in fields.items()
    }


def _faults(fields: Mapping[str, object], struct: type[Profile], *, partial: bool) -> Iterator[Fault]:
    """Find each field that breaks its rule or, unless the fields are partial, is missing.

    msgspec alone stops at the first one.
    """
    for field in msgspec.structs.fields(struct):
        if field.name not in fields:
            if field.required and not partial:
                yield Fault(field.name, _rule(field.type), missing=True)
        elif not _keeps(field.type, fields[field.name]):
            yield Fault(field.name, _rule(field.type))


def _keeps(annotation: Any, value: object) -> bool:  # noqa: ANN401  # a type annotation is any object
    """Tell whether a value is of a type and within its constraints."""
    try:
        msgspec.convert(value, annotation)
    except msgspec.ValidationError:
        return False
    return True


def _rule(annotation: Any) -> str:  # noqa: ANN401  # a type annotation is any object
    """Return the description that a constrained type, or the optional form of one, carries."""
    (constrained,) = (part for part in (annotation, *get_args(annotation)) if get_origin(part) is Annotated)
    return str(constrained.__metadata__[0].description)
