"""What every repository does with many users at once."""

from collections.abc import Callable

import pytest

from lambdas.users.domain.errors import EmailAlreadyInUse, UserAlreadyExists, UserNotFound
from lambdas.users.domain.repository import UserRepository
from lambdas.users.domain.user import User

UserFactory = Callable[..., User]


def kinds(errors: dict[int, Exception]) -> dict[int, type[Exception]]:
    return {index: type(error) for index, error in errors.items()}


@pytest.mark.parametrize("number", [0, 1, 33, 34, 1000])
def test_all_are_kept_each_with_its_version(
    repository: UserRepository, made: UserFactory, number: int
) -> None:
    users = [made(f"user-{index}", age=index % 100) for index in range(number)]
    assert repository.create_all(users) == {}
    assert repository.get_all([user.user_id for user in users]) == {user.user_id: user for user in users}
    for user in users[::250]:
        assert list(repository.history(user.user_id, limit=10).items) == [user]


def test_whoever_cannot_be_kept_is_named_and_holds_nobody_back(
    repository: UserRepository, made: UserFactory
) -> None:
    before = [made(f"user-{index}") for index in range(0, 100, 2)]
    repository.create_all(before)
    users = [made(f"user-{index}", name="Newcomer") for index in range(100)]
    users[99] = made("user-99", email="user-0@example.com")
    errors = dict(repository.create_all(users))
    assert kinds(errors) == {**dict.fromkeys(range(0, 100, 2), UserAlreadyExists), 99: EmailAlreadyInUse}
    kept = repository.get_all([user.user_id for user in users])
    assert kept == {user.user_id: user for user in (*before, *users[1:99:2])}


def test_whoever_could_not_be_kept_can_be_later(repository: UserRepository, made: UserFactory) -> None:
    repository.create(made("ada"))
    refused = [made("grace", email="ada@example.com"), made("ada", email="new@example.com")]
    assert kinds(dict(repository.create_all(refused))) == {0: EmailAlreadyInUse, 1: UserAlreadyExists}
    again = [made("grace"), made("emmy", email="new@example.com")]
    assert repository.create_all(again) == {}


def test_of_twins_the_first_wins(repository: UserRepository, made: UserFactory) -> None:
    users = [
        made("ada", name="First"),
        made("ada", name="Second", email="second@example.com"),
        made("grace", email="ADA@example.com"),
        made("ada"),
        made("emmy", email="second@example.com"),
    ]
    expected = {1: UserAlreadyExists, 2: EmailAlreadyInUse, 3: UserAlreadyExists}
    assert kinds(dict(repository.create_all(users))) == expected
    assert repository.get_all(["ada", "grace", "emmy"]) == {"ada": users[0], "emmy": users[4]}


def test_a_twin_does_not_take_the_place_of_a_first_that_is_refused(
    repository: UserRepository, made: UserFactory
) -> None:
    repository.create(made("ada"))
    users = [made("ada", email="prize@example.com"), made("grace", email="prize@example.com")]
    assert kinds(dict(repository.create_all(users))) == {0: UserAlreadyExists, 1: EmailAlreadyInUse}
    with pytest.raises(UserNotFound):
        repository.get("grace")


def test_the_same_again_is_refused_as_a_whole(repository: UserRepository, made: UserFactory) -> None:
    users = [made(f"user-{index}") for index in range(70)]
    repository.create_all(users)
    assert kinds(dict(repository.create_all(users))) == dict.fromkeys(range(70), UserAlreadyExists)


def test_who_is_nobody_is_not_among_those_who_are_read(repository: UserRepository, made: UserFactory) -> None:
    users = [made(f"user-{index}") for index in range(150)]
    repository.create_all(users)
    asked = [f"user-{index}" for index in range(100, 300)]
    assert set(repository.get_all(asked)) == {f"user-{index}" for index in range(100, 150)}


def test_who_is_asked_for_twice_is_read_once(repository: UserRepository, made: UserFactory) -> None:
    repository.create(made("ada"))
    assert repository.get_all(["ada", "nobody", "ada", "nobody"]) == {"ada": made("ada")}


def test_to_read_nobody_is_to_find_nobody(repository: UserRepository) -> None:
    assert repository.get_all([]) == {}
