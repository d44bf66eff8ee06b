import pytest

from lambdas.recovery.domain.plan import Why
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


def test_a_user_who_was_deleted_is_deleted_as_the_application_does_it(service: Service) -> None:
    version_id = service.delete("ada")
    outcome = service.replay()
    assert service.tables.rows(RESTORED) == service.tables.rows(FORMER)
    assert [row["timestamp"]["S"] for row in service.history("ada")] == [version_id]
    assert (outcome.replayed, outcome.deleted) == (0, 1)


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


def test_a_history_of_hundreds_of_versions_takes_several_transactions(service: Service) -> None:
    for age in range(120):
        service.update("ada", age=age)
    service.rewrite("ada")
    for age in range(120):
        told = service.update("ada", age=age)
    service.tables.stop_after = service.tables.writes + 2
    with pytest.raises(Stopped):
        service.replay()
    assert service.restored("ada").version.number == 1
    service.tables.stop_after = None
    outcome = service.replay()
    assert (outcome.replayed, outcome.rebased, outcome.corrupt) == (99, 99, 1)
    assert service.restored("ada").version.version_id == told.version.version_id
    assert [int(row["version"]["N"]) for row in service.history("ada")] == list(range(1, 242))


def test_a_restore_that_tore_a_transaction_is_mended(service: Service) -> None:
    service.update("ada", email="lovelace@example.com")
    current = service.row("ada", "CURRENT")
    service.snapshot()
    assert current is not None
    service.tables.tables[RESTORED]["ada", "CURRENT"] = current
    outcome = service.replay()
    assert outcome.replayed == 0
    assert service.tables.tables[RESTORED] == service.tables.tables[FORMER]


def test_a_restore_that_lost_a_history_row_has_it_again(service: Service) -> None:
    service.update("ada", age=37)
    service.snapshot()
    del service.tables.tables[RESTORED]["ada", service.history("ada")[-1]["timestamp"]["S"]]
    assert service.replay().replayed == 1
    assert service.tables.tables[RESTORED] == service.tables.tables[FORMER]


def test_a_claim_that_nobody_backs_goes(service: Service) -> None:
    row = {"user_id": {"S": "EMAIL#x@example.com"}, "timestamp": {"S": "CLAIM"}, "owner": {"S": "nobody"}}
    service.tables.tables[RESTORED]["EMAIL#x@example.com", "CLAIM"] = row
    service.replay()
    assert service.claims() == {"ada@example.com": "ada"}


def test_two_users_may_swap_emails(service: Service) -> None:
    service.create("alan")
    service.snapshot()
    service.update("ada", email="x@example.com")
    service.update("alan", email="ada@example.com")
    service.update("ada", email="alan@example.com")
    assert not service.replay().conflicts
    assert service.claims() == {"ada@example.com": "alan", "alan@example.com": "ada"}


def test_a_current_row_that_is_not_as_its_history_says_is_made_so(service: Service) -> None:
    row = service.row("ada", "CURRENT")
    assert row is not None
    row["email"] = {"S": f"ada{BAD}"}
    service.replay()
    assert service.tables.tables[RESTORED] == service.tables.tables[FORMER]
