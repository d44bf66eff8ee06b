"""From loose fields to a user that keeps every rule, or to the list of rules that it breaks."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, get_args, get_origin

import msgspec

from lambdas.users.domain.errors import Fault, InvalidUser
from lambdas.users.domain.text import normalised_email
from lambdas.users.domain.user import NewUser

_TIDY: Mapping[str, Callable[[str], str]] = {"name": str.strip, "email": normalised_email}


def new_user(fields: Mapping[str, object]) -> NewUser:
    """Return the new user that decoded JSON describes; unknown fields are ignored.

    Raises InvalidUser, with every field that breaks its rule.
    """
    tidied = {**fields, **{name: _tidied(name, fields[name]) for name in _TIDY if name in fields}}
    try:
        return msgspec.convert(tidied, NewUser)
    except msgspec.ValidationError:
        raise InvalidUser(tuple(_faults(tidied))) from None


def _tidied(name: str, value: object) -> object:
    """Trim or normalise text, and leave a value of another type for the rules to refuse."""
    return _TIDY[name](value) if isinstance(value, str) else value


def _faults(fields: Mapping[str, object]) -> Iterator[Fault]:
    """Find each field that is missing or breaks its rule: msgspec stops at the first one."""
    for field in msgspec.structs.fields(NewUser):
        if field.name not in fields:
            if field.required:
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
