"""What a user's profile must be after a request, as the API's contract has it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from pipeline.drill.attempt import Fields

Profile = Mapping[str, str | int]
FIELDS = ("name", "email", "age", "phone", "address")


def normalised(email: str) -> str:
    """Return the spelling under which an email is stored: NFKC, lower case, no space around it."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", email).lower()).strip()


def created(fields: Fields) -> Profile:
    """Return the profile of a user that was created from these fields."""
    return updated({"age": 0}, fields)


def updated(profile: Profile, fields: Fields) -> Profile:
    """Return a profile after an update with these fields: None removes one, and unknown ones are ignored."""
    merged = {**profile, **patch(fields)}
    return {field: value for field, value in merged.items() if value is not None}


def patch(fields: Fields) -> dict[str, str | int | None]:
    """Return the fields that a profile has, as they are stored."""
    return {field: _stored(field, fields[field]) for field in FIELDS if field in fields}


def _stored(field: str, value: str | int | None) -> str | int | None:
    """Trim and normalise as the API does."""
    if not isinstance(value, str):
        return value
    return normalised(value) if field == "email" else value.strip() if field == "name" else value
