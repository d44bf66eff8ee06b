"""One row that says nothing ends no replay: the others come over, and the row is named."""

from typing import Any

import pytest

from lambdas.recovery.domain.plan import Conflict, Why
from lambdas.users.domain.user import User
from tests.lambdas.recovery.replaying import FORMER, RESTORED, Service

NULL = {"NULL": True}


@pytest.fixture
def service() -> Service:
    """A service with two users, ada and alan, restored before the second version of each."""
    service = Service()
    service.create("ada", receipt="key")
    service.create("alan")
    service.snapshot()
    service.update("ada", age=41)
    service.update("alan", age=42)
    return service


@pytest.mark.parametrize("value", [None, NULL, {"S": "many"}, {"N": "1.5"}])
@pytest.mark.parametrize("attribute", ["email", "name", "age", "version", "updated_at", "created_at"])
def test_of_a_current_row_its_version_id_is_enough(
    service: Service, attribute: str, value: dict[str, Any] | None
) -> None:
    told = latest(service, "ada")
    spoil(service, FORMER, ("ada", "CURRENT"), attribute, value)
    assert not service.replay().conflicts
    assert service.restored("ada") == told


@pytest.mark.parametrize("attribute", ["email", "version", "updated_at"])
def test_a_current_row_of_the_restored_table_is_made_whole(service: Service, attribute: str) -> None:
    told = latest(service, "ada")
    service.snapshot()
    spoil(service, RESTORED, ("ada", "CURRENT"), attribute, None)
    assert not service.replay().conflicts
    assert service.restored("ada") == told


def test_a_current_row_without_a_version_is_named_and_the_history_tells_the_version(service: Service) -> None:
    told = latest(service, "ada")
    spoil(service, FORMER, ("ada", "CURRENT"), "version_id", None)
    assert service.replay().conflicts == [unreadable("ada")]
    assert service.restored("ada") == told


def test_a_current_row_that_cannot_be_read_and_whose_history_expired_is_named(service: Service) -> None:
    at_restore, told = service.restored("ada"), latest(service, "ada")
    del service.tables.tables[FORMER]["ada", told.version.version_id]
    spoil(service, FORMER, ("ada", "CURRENT"), "email", NULL)
    outcome = service.replay()
    assert outcome.conflicts == [unreadable("ada")]
    assert service.restored("ada") == at_restore
    assert service.restored("alan") == latest(service, "alan")


@pytest.mark.parametrize("attribute", ["profile", "version", "region", "change", "created_at"])
def test_a_history_row_that_says_no_version_is_named_and_deletes_nobody(
    service: Service, attribute: str
) -> None:
    lost = latest(service, "ada").version.version_id
    told = service.update("ada", age=43)
    spoil(service, FORMER, ("ada", lost), attribute, None)
    outcome = service.replay()
    assert outcome.conflicts == [unreadable("ada", lost)]
    assert service.restored("ada").profile == told.profile
    assert (outcome.replayed, outcome.deleted) == (2, 0)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (("ada", "junk of ada@example.com"), "ada"),
        (("ada", "junk#eu-west-1"), "ada"),
        (("nobody", "junk"), "nobody"),
        (("EMAIL#ada@example.com", "LOCK"), "EMAIL"),
        (("EMAIL#new@example.com", "CLAIM"), "EMAIL"),
        (("REQUEST#other", "REQUEST"), "REQUEST"),
    ],
)
@pytest.mark.parametrize("full", [False, True])
def test_junk_is_named_without_what_it_may_say_of_a_user(
    service: Service, key: tuple[str, str], name: str, full: bool
) -> None:
    history = service.history("ada", FORMER)[-1] if full else {}
    row = {**history, "user_id": {"S": key[0]}, "timestamp": {"S": key[1]}}
    service.tables.tables[FORMER][key] = row
    outcome = service.replay()
    assert outcome.conflicts == [unreadable(name)]
    assert service.restored("ada") == latest(service, "ada")
    assert key not in service.tables.tables[RESTORED]
    assert service.replay().conflicts == outcome.conflicts


def test_junk_that_both_tables_have_is_named_once(service: Service) -> None:
    for table in (FORMER, RESTORED):
        row = {"user_id": {"S": "ada"}, "timestamp": {"S": "junk"}}
        service.tables.tables[table]["ada", "junk"] = row
    assert service.replay().conflicts == [unreadable("ada")]


def latest(service: Service, user_id: str) -> User:
    """Return a user as the former table has it."""
    user = service.get(user_id)
    assert user is not None
    return user


def spoil(
    service: Service, table: str, key: tuple[str, str], attribute: str, value: dict[str, Any] | None
) -> None:
    """Change an attribute of a row, or remove it."""
    row = service.tables.tables[table][key]
    row.pop(attribute)
    row.update({} if value is None else {attribute: value})


def unreadable(user_id: str, version_id: str = "") -> Conflict:
    return Conflict(user_id=user_id, version_id=version_id, why=Why.UNREADABLE)
