"""What every repository tells of the versions of a user."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from lambdas.users.adapters.item import history_row, tombstone_row
from lambdas.users.domain.errors import UserNotFound
from lambdas.users.domain.repository import UserRepository
from lambdas.users.domain.user import User, deletion
from tests.contract.conftest import NOON, REGION, DynamoEngine

UserFactory = Callable[..., User]

MOST_PAGES = 100
OTHER_REGION = "eu-central-1"
SECOND = timedelta(seconds=1)
MONTH = timedelta(days=30)


def pages(repository: UserRepository, user_id: str, limit: int) -> Iterator[list[User]]:
    before: str | None = None
    for _ in range(MOST_PAGES):
        page = repository.history(user_id, limit=limit, before=before)
        yield list(page.items)
        if page.after is None:
            return
        before = str(page.after.value)
    pytest.fail("the pages come to no end")


def lived(repository: UserRepository, user: User, changed: UserFactory, versions: int) -> list[User]:
    """Create a user, change it often, and return its versions, newest first."""
    repository.create(user)
    life = [user]
    for age in range(1, versions):
        newer = changed(life[0], at=NOON + age * SECOND, age=age)
        repository.update(newer, former_email=life[0].profile.email)
        life.insert(0, newer)
    return life


def test_versions_come_newest_first(
    repository: UserRepository, made: UserFactory, changed: UserFactory
) -> None:
    life = lived(repository, made("ada"), changed, 4)
    page = repository.history("ada", limit=10)
    assert (list(page.items), page.after) == (life, None)
    assert [user.version.number for user in page.items] == [4, 3, 2, 1]


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8])
def test_pages_hold_each_version_once(
    repository: UserRepository, made: UserFactory, changed: UserFactory, limit: int
) -> None:
    life = lived(repository, made("ada"), changed, 7)
    assert list(pages(repository, "ada", limit)) == [
        life[start : start + limit] for start in range(0, 7, limit)
    ]


def test_nobody_has_no_history(repository: UserRepository) -> None:
    with pytest.raises(UserNotFound):
        repository.history("nobody", limit=10)


@pytest.mark.parametrize("before", ["0", "2029-12-31T00:00:00.000000Z#eu-west-1"])
def test_before_the_first_version_there_is_none(
    repository: UserRepository, made: UserFactory, before: str
) -> None:
    repository.create(made("ada"))
    page = repository.history("ada", limit=10, before=before)
    assert (list(page.items), page.after) == ([], None)


@pytest.mark.parametrize("before", ["9999", "CURRENT", "~"])
def test_after_the_last_version_there_is_the_whole_history(
    repository: UserRepository, made: UserFactory, changed: UserFactory, before: str
) -> None:
    life = lived(repository, made("ada"), changed, 3)
    assert list(repository.history("ada", limit=10, before=before).items) == life


def test_who_has_an_id_again_has_a_history_of_its_own(
    repository: UserRepository, made: UserFactory, changed: UserFactory
) -> None:
    (first, *_) = lived(repository, made("ada"), changed, 3)
    repository.delete(first, deletion=deletion(first, at=NOON + 10 * SECOND, region=REGION))
    life = lived(repository, made("ada", at=NOON + 20 * SECOND), changed, 1)
    assert list(repository.history("ada", limit=10).items) == life


def test_a_fork_appears_as_it_is(engine: DynamoEngine, made: UserFactory, changed: UserFactory) -> None:
    second, first = lived(engine.users, made("ada"), changed, 2)
    fork = changed(first, at=NOON + SECOND, region=OTHER_REGION, age=99)
    engine.replicate(history_row(fork, retention=MONTH))
    versions = engine.users.history("ada", limit=10).items
    assert list(versions) == [second, fork, first]
    assert second.version.supersedes == fork.version.supersedes


class TestAfterTheRowOfTheCurrentVersionExpired:
    @pytest.fixture
    def life(self, engine: DynamoEngine, made: UserFactory, changed: UserFactory) -> list[User]:
        life = lived(engine.users, made("ada"), changed, 4)
        engine.forget("ada", life[0].version.version_id)
        return life

    @pytest.mark.parametrize("limit", [1, 2, 3, 4, 5])
    def test_it_is_still_the_newest(self, engine: DynamoEngine, life: list[User], limit: int) -> None:
        assert [user for page in pages(engine.users, "ada", limit) for user in page] == life

    def test_it_is_in_its_place_where_a_fork_is_later(
        self, engine: DynamoEngine, life: list[User], changed: UserFactory
    ) -> None:
        fork = changed(life[1], at=NOON + 9 * SECOND, region=OTHER_REGION, age=99)
        engine.replicate(history_row(fork, retention=MONTH))
        for limit in (1, 10):
            assert [user for page in pages(engine.users, "ada", limit) for user in page] == [fork, *life]

    def test_it_is_alone_where_all_rows_expired(self, engine: DynamoEngine, life: list[User]) -> None:
        for user in life[1:]:
            engine.forget("ada", user.version.version_id)
        page = engine.users.history("ada", limit=10)
        assert (list(page.items), page.after) == ([life[0]], None)


def test_a_deletion_that_lost_to_a_write_elsewhere_has_nothing_to_show(
    engine: DynamoEngine, made: UserFactory, changed: UserFactory
) -> None:
    life = lived(engine.users, made("ada"), changed, 3)
    lost = deletion(life[1], at=NOON + SECOND, region=OTHER_REGION)
    engine.replicate(tombstone_row(life[1], lost, retention=MONTH))
    for limit in (1, 2, 10):
        assert [user for page in pages(engine.users, "ada", limit) for user in page] == life


def test_what_is_left_of_a_deletion_that_died_half_way_is_not_shown_to_who_comes_next(
    engine: DynamoEngine, made: UserFactory, changed: UserFactory
) -> None:
    (last, *_) = lived(engine.users, made("ada"), changed, 3)
    before = engine.rows()
    engine.users.delete(last, deletion=deletion(last, at=NOON + 5 * SECOND, region=REGION))
    for row in before:
        if "profile" in row:
            engine.replicate(row)
    life = lived(engine.users, made("ada", at=NOON + 20 * SECOND), changed, 1)
    assert list(engine.users.history("ada", limit=10).items) == life
