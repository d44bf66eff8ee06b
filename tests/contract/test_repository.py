"""What every repository of users does, whatever it keeps them in."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambdas.users.domain.errors import EmailAlreadyInUse, UserAlreadyExists, UserNotFound
from lambdas.users.domain.repository import UserRepository
from lambdas.users.domain.user import User
from tests.contract.racing import race

UserFactory = Callable[..., User]

RIVALS = 8

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=32)


def test_a_user_comes_back_as_it_was_created(repository: UserRepository, made: UserFactory) -> None:
    user = made("ada", age=36, phone="+44 20 7946 0000", address="12 St James's Square")
    repository.create(user)
    assert repository.get("ada") == user


def test_what_a_user_does_not_have_stays_absent(repository: UserRepository, made: UserFactory) -> None:
    repository.create(made("ada"))
    profile = repository.get("ada").profile
    assert (profile.age, profile.phone, profile.address) == (0, None, None)


def test_an_empty_phone_is_not_an_absent_one(repository: UserRepository, made: UserFactory) -> None:
    repository.create(made("ada", phone="", address=""))
    profile = repository.get("ada").profile
    assert (profile.phone, profile.address) == ("", "")


@pytest.mark.parametrize(
    "name",
    ["\ufdfa" * 200, "\U0001f469" * 200, "\u0301", "Zoë Ångström", "two\nlines", "\u200b"],
    ids=["expands eighteenfold", "four bytes each", "accent alone", "accents", "newline", "zero width"],
)
def test_any_valid_name_can_be_indexed(repository: UserRepository, made: UserFactory, name: str) -> None:
    repository.create(made("ada", name=name))
    assert repository.get("ada").profile.name == name


# Examples share one repository: each of them is about a user of its own.
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(name=text.filter(str.strip), age=st.integers(0, 150), phone=st.none() | text, address=st.none() | text)
def test_any_valid_profile_comes_back_as_it_was_created(
    repository: UserRepository,
    made: UserFactory,
    name: str,
    age: int,
    phone: str | None,
    address: str | None,
) -> None:
    user = made(uuid4().hex, name=name, age=age, phone=phone, address=address)
    repository.create(user)
    assert repository.get(user.user_id) == user


def test_nobody_is_found_where_nobody_was_created(repository: UserRepository) -> None:
    with pytest.raises(UserNotFound):
        repository.get("nobody")


def test_a_claim_to_an_email_is_not_a_user(repository: UserRepository, made: UserFactory) -> None:
    repository.create(made("ada"))
    with pytest.raises(UserNotFound):
        repository.get("EMAIL#ada@example.com")


def test_an_id_is_given_once_and_its_user_is_not_overwritten(
    repository: UserRepository, made: UserFactory
) -> None:
    first = made("ada", email="first@example.com")
    repository.create(first)
    with pytest.raises(UserAlreadyExists):
        repository.create(made("ada", email="second@example.com", name="Somebody Else"))
    assert repository.get("ada") == first


def test_a_refused_id_leaves_its_email_free(repository: UserRepository, made: UserFactory) -> None:
    repository.create(made("ada"))
    with pytest.raises(UserAlreadyExists):
        repository.create(made("ada", email="free@example.com"))
    repository.create(made("grace", email="free@example.com"))
    assert repository.get("grace").profile.email == "free@example.com"


def test_an_email_belongs_to_one_user(repository: UserRepository, made: UserFactory) -> None:
    repository.create(made("ada", email="ada@example.com"))
    with pytest.raises(EmailAlreadyInUse):
        repository.create(made("grace", email="ADA@example.com"))


def test_a_refused_email_leaves_its_id_free(repository: UserRepository, made: UserFactory) -> None:
    repository.create(made("ada", email="taken@example.com"))
    with pytest.raises(EmailAlreadyInUse):
        repository.create(made("grace", email="taken@example.com"))
    with pytest.raises(UserNotFound):
        repository.get("grace")
    repository.create(made("grace", email="grace@example.com"))


def test_where_id_and_email_are_both_taken_the_id_is_named(
    repository: UserRepository, made: UserFactory
) -> None:
    repository.create(made("ada"))
    with pytest.raises(UserAlreadyExists):
        repository.create(made("ada"))


@pytest.mark.usefixtures("restless_threads")
def test_of_those_who_create_one_id_at_once_exactly_one_wins(
    repository: UserRepository, made: UserFactory
) -> None:
    rivals = [made("ada", email=f"rival-{rival}@example.com") for rival in range(RIVALS)]
    outcomes = race([partial(repository.create, rival) for rival in rivals])
    assert Counter(outcomes) == {None: 1, UserAlreadyExists: RIVALS - 1}
    assert repository.get("ada") == rivals[outcomes.index(None)]


@pytest.mark.usefixtures("restless_threads")
def test_of_those_who_claim_one_email_at_once_exactly_one_wins(
    repository: UserRepository, made: UserFactory
) -> None:
    rivals = [made(f"rival-{rival}", email="ada@example.com") for rival in range(RIVALS)]
    outcomes = race([partial(repository.create, rival) for rival in rivals])
    assert Counter(outcomes) == {None: 1, EmailAlreadyInUse: RIVALS - 1}
    assert repository.get(f"rival-{outcomes.index(None)}").profile.email == "ada@example.com"


def test_a_repository_that_can_be_read_answers_a_ping(repository: UserRepository) -> None:
    repository.ping()
