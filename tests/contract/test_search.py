"""How every repository finds users by their email or, one by one, by their age."""

from collections.abc import Callable

import pytest

from lambdas.users.adapters.item import current_row
from lambdas.users.domain.page import Bounds
from lambdas.users.domain.repository import UserRepository
from lambdas.users.domain.user import User, deletion
from tests.contract.conftest import NOON, REGION, DynamoEngine

UserFactory = Callable[..., User]


def test_a_user_is_found_by_its_email(repository: UserRepository, made: UserFactory) -> None:
    ada = made("ada")
    repository.create_all([ada, made("grace")])
    page = repository.with_email("ada@example.com")
    assert (list(page.items), page.scanned) == ([ada], 1)


def test_nobody_has_an_email_that_was_given_up(
    repository: UserRepository, made: UserFactory, changed: UserFactory
) -> None:
    ada, grace = made("ada"), made("grace")
    repository.create_all([ada, grace])
    repository.update(changed(ada, email="new@example.com"), former_email="ada@example.com")
    repository.delete(grace, deletion=deletion(grace, at=NOON, region=REGION))
    for email in ("ada@example.com", "grace@example.com", "nobody@example.com"):
        assert list(repository.with_email(email).items) == []
    assert [user.user_id for user in repository.with_email("new@example.com").items] == ["ada"]


def test_all_who_have_an_email_after_a_fork_are_found(engine: DynamoEngine, made: UserFactory) -> None:
    users = [made(user_id, email="both@example.com") for user_id in ("ada", "grace")]
    engine.users.create(users[0])
    engine.replicate(current_row(users[1]))
    found = engine.users.with_email("both@example.com").items
    assert sorted(found, key=lambda user: user.user_id) == users


@pytest.mark.parametrize(
    ("bounds", "ages"),
    [
        (Bounds(), range(60)),
        (Bounds(least=25), range(25, 60)),
        (Bounds(most=35), range(36)),
        (Bounds(least=25, most=35), range(25, 36)),
        (Bounds(least=0, most=0), range(1)),
    ],
    ids=str,
)
def test_a_scan_reads_everybody_and_returns_those_within_bounds(
    repository: UserRepository, made: UserFactory, changed: UserFactory, bounds: Bounds, ages: range
) -> None:
    users = [made(f"user-{age}", age=age) for age in range(60)]
    repository.create_all(users)
    older = changed(users[0], name="Another")
    repository.update(older, former_email=older.profile.email)
    page = repository.scan_by_age(bounds)
    assert sorted(user.profile.age for user in page.items) == list(ages)
    assert (page.scanned, page.after) == (60, None)


def test_no_age_is_within_bounds_that_cross(repository: UserRepository, made: UserFactory) -> None:
    repository.create(made("ada", age=30))
    assert list(repository.scan_by_age(Bounds(least=35, most=25)).items) == []
