import pytest

from tests.lambdas.recovery.dictionary import Stopped
from tests.lambdas.recovery.replaying import BAD, FORMER, RESTORED, Service


@pytest.fixture
def service() -> Service:
    """A service with one user, ada, restored to the second after she was created."""
    service = Service()
    service.create("ada", age=36)
    service.snapshot()
    return service


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


def test_a_current_row_that_is_not_as_its_history_says_is_made_so(service: Service) -> None:
    row = service.row("ada", "CURRENT")
    assert row is not None
    row["email"] = {"S": f"ada{BAD}"}
    service.replay()
    assert service.tables.tables[RESTORED] == service.tables.tables[FORMER]
