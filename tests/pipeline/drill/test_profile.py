"""The drill expects of a profile what the application makes of it."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from lambdas.users.domain.errors import InvalidUser
from lambdas.users.domain.text import normalised_email
from lambdas.users.domain.user import Profile
from lambdas.users.domain.validation import changed_profile, new_user
from pipeline.drill import profile

# NFKC turns some of these into others, and lower case some into more than one character.
names = st.text("aÅ ﬁİ ", min_size=1, max_size=5)
emails = st.text("aBÅﬁİ", min_size=1, max_size=4).map(lambda text: f"{text}@drill.example")
optional = st.none() | st.text("12", max_size=3)
changes = st.fixed_dictionaries(
    {},
    optional={"name": names, "email": emails, "age": st.integers(0, 150), "phone": optional, "x": optional},
)
users = st.fixed_dictionaries(
    {"name": names, "email": emails}, optional={"age": st.integers(0, 150), "address": optional}
)


def kept(of: object) -> dict[str, object]:
    fields = msgspec.structs.asdict(msgspec.convert(of, Profile, from_attributes=True))
    return {name: value for name, value in fields.items() if value is not None}


@given(users, changes)
def test_what_the_application_stores_is_what_is_expected(
    fields: dict[str, str | int | None], change: dict[str, str | int | None]
) -> None:
    try:
        made = new_user(fields)
        changed = changed_profile(msgspec.convert(made, Profile, from_attributes=True), change)
    except InvalidUser:
        return
    assert profile.created(fields) == kept(made)
    assert profile.updated(profile.created(fields), change) == kept(changed)


@given(st.text())
def test_emails_are_compared_as_the_application_does(text: str) -> None:
    assert profile.normalised(text) == normalised_email(text)
