import pytest

from lambdas.recovery.domain.plan import Why
from tests.lambdas.recovery.replaying import BAD, FORMER, RESTORED, Service


@pytest.fixture
def service() -> Service:
    """A service with one user, ada, restored to the second after she was created."""
    service = Service()
    service.create("ada", age=36)
    service.snapshot()
    return service


def test_a_write_after_the_restore_point_comes_over_byte_for_byte(service: Service) -> None:
    service.update("ada", age=37)
    row = service.history("ada", FORMER)[-1]
    row["another attribute"] = {"S": "as of some later release"}
    outcome = service.replay()
    assert service.history("ada") == service.history("ada", FORMER)
    assert service.row("ada", "CURRENT") == service.row("ada", "CURRENT", FORMER)
    assert (outcome.replayed, outcome.rebased, outcome.corrupt) == (1, 0, 0)


def test_a_bad_write_is_left_out(service: Service) -> None:
    service.rewrite("ada")
    before = service.tables.rows(RESTORED)
    outcome = service.replay()
    assert service.tables.rows(RESTORED) == before
    assert (outcome.replayed, outcome.corrupt) == (0, 1)


def test_a_good_write_on_a_bad_one_keeps_its_id_and_follows_the_last_good_version(service: Service) -> None:
    first = service.get("ada")
    service.rewrite("ada")
    told = service.update("ada", age=37)
    outcome = service.replay()
    found = service.restored("ada")
    assert first is not None
    assert (found.profile.email, found.profile.age) == ("ada@example.com", 37)
    assert found.version.version_id == told.version.version_id
    assert (found.version.number, found.version.supersedes) == (2, first.version.version_id)
    assert (outcome.replayed, outcome.rebased, outcome.corrupt) == (1, 1, 1)


def test_a_rebased_row_expires_when_it_would_have(service: Service) -> None:
    service.rewrite("ada")
    service.update("ada", age=37)
    service.replay()
    assert service.history("ada")[-1]["expires_at"] == service.history("ada", FORMER)[-1]["expires_at"]


def test_a_client_who_sets_the_field_anew_is_good_from_there_on(service: Service) -> None:
    service.rewrite("ada")
    service.update("ada", email="lovelace@example.com")
    service.update("ada", age=37)
    outcome = service.replay()
    assert service.restored("ada").profile.email == "lovelace@example.com"
    assert (outcome.rebased, outcome.corrupt) == (2, 1)


def test_what_a_bad_write_changed_beside_the_bad_value_is_kept(service: Service) -> None:
    told = service.rewrite("ada", age=37)
    outcome = service.replay()
    found = service.restored("ada")
    assert (found.profile.email, found.profile.age) == ("ada@example.com", 37)
    assert found.version.version_id == told.version.version_id
    assert (outcome.replayed, outcome.rebased, outcome.corrupt) == (1, 1, 0)


def test_a_second_bad_value_on_the_first_is_left_out_too(service: Service) -> None:
    service.rewrite("ada")
    service.rewrite("ada", email=f"again{BAD}")
    outcome = service.replay()
    assert service.restored("ada").profile.email == "ada@example.com"
    assert (outcome.replayed, outcome.corrupt) == (0, 2)


def test_without_a_corruption_everything_is_replayed(service: Service) -> None:
    service.rewrite("ada")
    outcome = service.replay(None)
    assert service.tables.rows(RESTORED) == service.tables.rows(FORMER)
    assert (outcome.replayed, outcome.corrupt) == (1, 0)


def test_a_user_who_was_created_with_a_bad_value_is_kept_and_named(service: Service) -> None:
    made = service.create("eve", email=f"eve{BAD}")
    (conflict,) = service.replay().conflicts
    assert service.restored("eve") == made
    assert (conflict.user_id, conflict.version_id, conflict.why) == (
        "eve",
        made.version.version_id,
        Why.VALUE,
    )


def test_receipts_come_over_and_states_of_regions_do_not(service: Service) -> None:
    service.create("alan", receipt="key")
    for table, state in ((FORMER, "fenced"), (RESTORED, "active")):
        row = {"user_id": {"S": "REGION#x"}, "timestamp": {"S": "STATE"}, "state": {"S": state}}
        service.tables.tables[table]["REGION#x", "STATE"] = row
    outcome = service.replay()
    assert outcome.receipts == 1
    assert service.row("REQUEST#key", "REQUEST") == service.row("REQUEST#key", "REQUEST", FORMER)
    assert (service.row("REGION#x", "STATE") or {})["state"] == {"S": "active"}


def test_a_receipt_takes_the_place_of_one_that_expired() -> None:
    service = Service()
    service.create("ada", receipt="key")
    service.snapshot()
    row = service.row("REQUEST#key", "REQUEST", FORMER)
    assert row is not None
    row["at"] = {"S": "2030-01-03T00:00:00.000000Z"}
    assert service.replay().receipts == 1
    assert service.row("REQUEST#key", "REQUEST") == row
    assert service.replay().receipts == 0


def test_two_users_may_swap_emails(service: Service) -> None:
    service.create("alan")
    service.snapshot()
    service.update("ada", email="x@example.com")
    service.update("alan", email="ada@example.com")
    service.update("ada", email="alan@example.com")
    assert not service.replay().conflicts
    assert service.claims() == {"ada@example.com": "alan", "alan@example.com": "ada"}
