from datetime import timedelta

import pytest

from lambdas.recovery.domain.plan import Conflict, Why
from lambdas.users.domain.errors import UserNotFound
from tests.lambdas.recovery.replaying import FORMER, RESTORED, Service


@pytest.fixture
def service() -> Service:
    """A service with two users, ada and alan, restored to the second after they were created."""
    service = Service()
    service.create("ada")
    service.create("alan")
    service.snapshot()
    return service


def test_an_email_that_the_corruption_freed_goes_back_to_who_had_it(service: Service) -> None:
    service.rewrite("ada")
    taken = service.update("alan", email="ada@example.com", age=41)
    service.update("alan", name="Alan Turing")
    outcome = service.replay()
    found = service.restored("alan").profile
    assert (found.email, found.age, found.name) == ("alan@example.com", 41, "Alan Turing")
    assert service.claims() == {"ada@example.com": "ada", "alan@example.com": "alan"}
    assert outcome.conflicts == [conflict("alan", taken.version.version_id, Why.EMAIL)]
    assert service.replay().conflicts == outcome.conflicts


def test_who_moved_on_from_the_email_of_another_is_no_conflict(service: Service) -> None:
    service.rewrite("ada")
    service.create("eve", email="ada@example.com")
    told = service.update("eve", email="eve@example.com")
    assert not service.replay().conflicts
    assert service.restored("eve") == told


def test_of_two_who_came_after_the_restore_point_the_first_has_the_email(service: Service) -> None:
    first = service.create("zoe", email="shared@example.com")
    service.script_removes("zoe")
    second = service.create("bea", email="shared@example.com")
    outcome = service.replay()
    assert service.restored("zoe") == first
    assert outcome.conflicts == [conflict("bea", second.version.version_id, Why.EMAIL)]


def test_who_has_an_email_in_the_restored_table_comes_before_who_took_it_by_a_slow_clock(
    service: Service,
) -> None:
    service.script_removes("ada")
    service.now -= timedelta(hours=1)
    taken = service.create("bea", email="ada@example.com")
    outcome = service.replay()
    assert service.claims()["ada@example.com"] == "ada"
    assert outcome.conflicts == [conflict("bea", taken.version.version_id, Why.EMAIL)]


def test_an_email_that_its_user_gave_up_belongs_to_who_took_it(service: Service) -> None:
    service.update("ada", email="lovelace@example.com")
    service.rewrite("ada")
    service.update("alan", email="ada@example.com")
    assert not service.replay().conflicts
    assert service.claims() == {"lovelace@example.com": "ada", "ada@example.com": "alan"}


def test_who_took_an_email_in_turn_gives_it_back_too(service: Service) -> None:
    service.create("grace")
    service.snapshot()
    service.rewrite("ada")
    service.update("alan", email="ada@example.com")
    service.update("grace", email="alan@example.com")
    outcome = service.replay()
    assert {each.user_id for each in outcome.conflicts} == {"alan", "grace"}
    assert service.claims() == {f"{name}@example.com": name for name in ("ada", "alan", "grace")}


def test_two_users_who_share_an_email_by_a_race_of_regions_go_on_sharing_it(service: Service) -> None:
    for table in (FORMER, RESTORED):
        for sort in ("CURRENT", service.history("alan")[0]["timestamp"]["S"]):
            row = service.tables.tables[table]["alan", sort]
            (row if sort == "CURRENT" else row["profile"]["M"])["email"] = {"S": "ada@example.com"}
        del service.tables.tables[table]["EMAIL#alan@example.com", "CLAIM"]
        service.tables.tables[table]["EMAIL#ada@example.com", "CLAIM"]["owner"] = {"S": "alan"}
    service.update("alan", age=41)
    assert not service.replay().conflicts
    assert service.restored("alan").profile.email == service.restored("ada").profile.email
    assert service.claims() == {"ada@example.com": "alan"}


def test_a_restored_table_that_was_written_to_keeps_that_and_the_other_version_is_named(
    service: Service,
) -> None:
    there = service.update("ada", age=1, on=RESTORED)
    told = service.update("ada", age=2)
    outcome = service.replay()
    assert service.restored("ada") == there
    assert outcome.conflicts == [conflict("ada", told.version.version_id, Why.WRITTEN)]
    assert service.row("ada", told.version.version_id) is not None


def test_a_user_who_is_created_in_both_tables_keeps_the_restored_one(service: Service) -> None:
    there = service.create("eve", on=RESTORED)
    service.create("eve")
    outcome = service.replay()
    assert service.restored("eve") == there
    assert [each.why for each in outcome.conflicts] == [Why.WRITTEN]


def test_a_table_that_changes_while_it_is_replayed_is_not_spoiled(service: Service) -> None:
    told = service.update("ada", age=2)
    other = service.update("alan", age=3)
    rows = []

    def meanwhile() -> None:
        service.tables.before_write = lambda: None
        rows.append(service.update("ada", age=1, on=RESTORED))

    service.tables.before_write = meanwhile
    outcome = service.replay()
    assert outcome.conflicts == [conflict("ada", told.version.version_id, Why.CHANGED)]
    assert service.restored("ada") == rows[0]
    assert service.row("ada", told.version.version_id) is None
    assert service.restored("alan") == other


def test_what_was_done_since_the_cut_over_stays(service: Service) -> None:
    service.rewrite("ada")
    service.update("ada", age=2)
    service.update("alan", age=41)
    service.replay()
    later = service.update("ada", age=3, on=RESTORED)
    service.delete("alan", on=RESTORED)
    outcome = service.replay()
    assert (outcome.replayed, outcome.deleted, outcome.conflicts) == (0, 0, [])
    assert service.restored("ada") == later
    assert len(service.history("alan")) == 1


def test_who_was_changed_and_then_deleted_since_the_cut_over_stays_deleted(service: Service) -> None:
    service.update("alan", age=41)
    service.replay()
    service.update("alan", age=42, on=RESTORED)
    service.delete("alan", on=RESTORED)
    outcome = service.replay()
    assert (outcome.replayed, outcome.conflicts) == (0, [])
    again = service.create("alan", on=RESTORED)
    assert service.replay().replayed == 0
    assert service.restored("alan") == again


def test_a_deletion_whose_versions_are_gone_counts(service: Service) -> None:
    service.update("ada", age=2)
    service.delete("ada")
    assert service.replay().deleted == 1
    with pytest.raises(UserNotFound):
        service.restored("ada")


def test_versions_that_expired_in_between_are_no_conflict(service: Service) -> None:
    lost = [service.update("ada", age=age).version.version_id for age in (1, 2)]
    told = service.update("ada", age=3)
    for user_id, sort in [
        ("ada", lost[0]),
        ("ada", lost[1]),
        ("ada", service.history("ada")[0]["timestamp"]["S"]),
    ]:
        del service.tables.tables[FORMER][user_id, sort]
    assert not service.replay().conflicts
    assert service.restored("ada") == told


def test_a_bad_value_from_a_version_that_expired_is_mended(service: Service) -> None:
    bad = service.rewrite("ada", age=1)
    told = service.update("ada", name="Ada Lovelace")
    del service.tables.tables[FORMER]["ada", bad.version.version_id]
    service.replay()
    found = service.restored("ada")
    assert found.version.version_id == told.version.version_id
    assert (found.profile.email, found.profile.age) == ("ada@example.com", 1)


def conflict(user_id: str, version_id: str, why: Why) -> Conflict:
    return Conflict(user_id=user_id, version_id=version_id, why=why)
