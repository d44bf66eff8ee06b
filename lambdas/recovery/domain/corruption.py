"""How a value that a bad write left behind is told from a good one."""

import re
from re import Pattern
from typing import Self

from msgspec import Struct

from lambdas.users.domain.user import Profile


class InvalidCorruption(ValueError):
    """The field is none of a profile's, or the pattern is no regular expression; the text says which."""


class Corruption(Struct, frozen=True):
    """Bad values of one profile field: those that a regular expression matches from end to end."""

    field: str
    pattern: Pattern[str]

    @classmethod
    def of(cls, field: str, pattern: str) -> Self:
        """Return the corruption that a field and a regular expression describe; raises InvalidCorruption."""
        if field not in Profile.__struct_fields__:
            raise InvalidCorruption(f"{field!r} is none of {', '.join(Profile.__struct_fields__)}.")
        try:
            return cls(field, re.compile(pattern))
        except re.error as error:
            raise InvalidCorruption(f"{pattern!r} is no regular expression: {error}.") from None

    def marks(self, profile: Profile | None) -> bool:
        """Tell whether a profile has a bad value; what is not there is not bad."""
        value = getattr(profile, self.field, None)
        return value is not None and self.pattern.fullmatch(str(value)) is not None
