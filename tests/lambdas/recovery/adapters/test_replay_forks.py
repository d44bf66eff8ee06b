import pytest

from lambdas.users.domain.errors import UserNotFound
from tests.lambdas.recovery.replaying import BAD, FORMER, RESTORED, SECONDARY, Service


@pytest.fixture
def service() -> Service:
    """A service with one user, ada, restored to the second after she was created."""
    service = Service()
    service.create("ada")
    service.snapshot()
    return service


@pytest.mark.parametrize("wins", [True, False])
def test_both_versions_of_a_fork_are_kept_and_the_former_table_says_which_is_current(
    service: Service, wins: bool
) -> None:
    one = service.update("ada", age=1)
    other = service.fork("ada", wins=wins, age=2)
    outcome = service.replay()
    assert service.restored("ada") == (other if wins else one)
    assert service.history("ada") == service.history("ada", FORMER)
    assert (outcome.replayed, outcome.conflicts) == (2, [])


def test_of_a_fork_whose_current_row_a_script_removed_the_last_version_is_current(service: Service) -> None:
    service.update("ada", age=1)
    other = service.fork("ada", wins=False, age=2)
    service.script_removes("ada")
    service.replay()
    assert service.restored("ada") == other


def test_a_fork_that_the_restored_table_knows_is_decided_as_it_was_there(service: Service) -> None:
    one = service.update("ada", age=1)
    service.fork("ada", wins=False, age=2)
    service.snapshot()
    service.script_removes("ada")
    service.replay()
    assert service.restored("ada") == one


def test_where_the_bad_branch_of_a_fork_won_the_good_one_is_current(service: Service) -> None:
    good = service.update("ada", age=1)
    service.fork("ada", wins=True, email=f"ada{BAD}")
    outcome = service.replay()
    assert service.restored("ada") == good
    assert (outcome.replayed, outcome.corrupt) == (1, 1)


def test_where_both_regions_went_on_the_branch_that_won_goes_on(service: Service) -> None:
    service.update("ada", age=1)
    service.fork("ada", wins=True, age=2)
    last = service.update("ada", name="Ada Lovelace", region=SECONDARY)
    service.replay()
    assert service.restored("ada") == last


def test_a_deletion_that_lost_to_a_write_in_the_other_region_is_kept_and_deletes_nobody(
    service: Service,
) -> None:
    first = service.get("ada")
    assert first is not None
    service.delete("ada")
    row = service.tables.tables[RESTORED]["ada", first.version.version_id]
    service.tables.tables[FORMER]["ada", first.version.version_id] = row
    rival = service.after(first, age=2)
    service.keep(rival, current=True)
    service.claim(rival)
    service.replay()
    assert service.restored("ada") == rival
    assert service.tables.tables[RESTORED] == service.tables.tables[FORMER]


def test_a_write_that_lost_to_a_deletion_in_the_other_region_raises_nobody(service: Service) -> None:
    first = service.get("ada")
    assert first is not None
    service.delete("ada")
    service.keep(service.after(first, age=2), current=False)
    outcome = service.replay()
    with pytest.raises(UserNotFound):
        service.restored("ada")
    assert (outcome.replayed, outcome.deleted) == (1, 1)
    assert service.tables.tables[RESTORED] == service.tables.tables[FORMER]


def test_of_the_good_branches_beside_a_bad_one_the_last_is_current(service: Service) -> None:
    service.update("ada", age=1)
    last = service.fork("ada", wins=False, age=2)
    service.fork("ada", wins=True, email=f"ada{BAD}")
    service.replay()
    assert service.restored("ada") == last


def test_who_outlived_a_deletion_before_the_restore_point_goes_on(service: Service) -> None:
    first = service.get("ada")
    assert first is not None
    service.delete("ada")
    rival = service.after(first, age=2)
    service.keep(rival, current=True)
    service.claim(rival)
    service.snapshot()
    told = service.update("ada", age=3)
    service.script_removes("ada")
    service.replay()
    assert service.restored("ada") == told


def test_what_a_user_is_in_the_restored_table_counts_where_a_script_removed_it_after_a_fork(
    service: Service,
) -> None:
    service.update("ada", age=1)
    service.fork("ada", wins=False, age=2)
    late = service.history("ada", FORMER)[-1]
    service.snapshot()
    del service.tables.tables[RESTORED]["ada", late["timestamp"]["S"]]
    there = service.update("ada", age=3)
    service.snapshot()
    del service.tables.tables[RESTORED]["ada", late["timestamp"]["S"]]
    service.script_removes("ada")
    service.replay()
    assert service.restored("ada") == there
    assert service.history("ada") == service.history("ada", FORMER)
