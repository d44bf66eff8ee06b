import pytest

from lambdas.users.domain.errors import UserNotFound
from tests.lambdas.recovery.dictionary import Stopped
from tests.lambdas.recovery.replaying import BAD, FORMER, RESTORED, Service


@pytest.fixture
def service() -> Service:
    """A service with one user, ada, restored to the second after she was created."""
    service = Service()
    service.create("ada", age=36)
    service.snapshot()
    return service


def test_a_user_who_was_deleted_is_deleted_as_the_application_does_it(service: Service) -> None:
    version_id = service.delete("ada")
    outcome = service.replay()
    assert service.tables.rows(RESTORED) == service.tables.rows(FORMER)
    assert [row["timestamp"]["S"] for row in service.history("ada")] == [version_id]
    assert (outcome.replayed, outcome.deleted) == (0, 1)


def test_what_an_interrupted_replay_left_of_a_deleted_user_goes(service: Service) -> None:
    service.delete("ada")
    service.tables.stop_after = service.tables.writes + 1
    with pytest.raises(Stopped):
        service.replay()
    assert len(service.history("ada")) == 2
    service.tables.stop_after = None
    assert service.replay().deleted == 0
    assert service.tables.tables[RESTORED] == service.tables.tables[FORMER]


def test_a_deletion_on_a_bad_version_counts(service: Service) -> None:
    service.rewrite("ada")
    service.delete("ada")
    assert service.replay().deleted == 1
    with pytest.raises(UserNotFound):
        service.restored("ada")
    assert service.claims() == {}


def test_a_user_who_was_created_again_lives_the_second_life(service: Service) -> None:
    service.delete("ada")
    second = service.create("ada", age=1)
    service.delete("ada")
    third = service.create("ada", age=2)
    outcome = service.replay()
    assert service.restored("ada") == third
    assert second.version.version_id not in [row["timestamp"]["S"] for row in service.history("ada")]
    assert service.tables.tables[RESTORED] == service.tables.tables[FORMER]
    assert (outcome.replayed, outcome.deleted) == (1, 2)


def test_a_user_whom_a_script_removed_stays(service: Service) -> None:
    before = service.tables.rows(RESTORED)
    service.script_removes("ada")
    service.replay()
    assert service.tables.rows(RESTORED) == before


def test_what_a_user_wrote_before_a_script_removed_it_comes_from_the_history(service: Service) -> None:
    told = service.update("ada", age=37, email="lovelace@example.com")
    new = service.create("alan")
    service.script_removes("ada")
    service.script_removes("alan")
    outcome = service.replay()
    assert service.restored("ada") == told
    assert service.restored("alan") == new
    assert service.claims() == {"lovelace@example.com": "ada", "alan@example.com": "alan"}
    assert outcome.replayed == 2


def test_a_script_that_changes_current_rows_alone_changes_nothing(service: Service) -> None:
    row = service.row("ada", "CURRENT", FORMER)
    assert row is not None
    row["email"] = {"S": f"ada{BAD}"}
    told = service.update("ada", age=37)
    service.replay()
    found = service.restored("ada")
    assert told.profile.email == f"ada{BAD}"
    assert (found.profile.email, found.profile.age) == ("ada@example.com", 37)


def test_who_created_an_id_again_that_a_script_removed_has_it(service: Service) -> None:
    service.script_removes("ada")
    again = service.create("ada", age=1)
    service.replay()
    assert service.restored("ada") == again
    assert service.claims() == {"ada@example.com": "ada"}


def test_who_was_created_again_after_a_deletion_that_expired_is_there(service: Service) -> None:
    version_id = service.delete("ada")
    service.snapshot()
    again = service.create("ada", age=1)
    del service.tables.tables[FORMER]["ada", version_id]
    outcome = service.replay()
    assert service.restored("ada") == again
    assert outcome.conflicts == []
