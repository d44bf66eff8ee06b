"""How a replay writes where DynamoDB is busy, silent, or written to by another replay."""

from copy import deepcopy

import pytest

from lambdas.recovery.adapters.replay_table import replay
from lambdas.recovery.domain.plan import Conflict, Why
from lambdas.users.adapters.call import NO_ANSWER, DynamoError
from lambdas.users.adapters.table import TRIES, Table
from lambdas.users.domain.errors import RepositoryUnavailable
from tests.lambdas.recovery.replaying import FORMER, RESTORED, Service
from tests.lambdas.users.adapters.road import CONFLICT, cancelled


@pytest.fixture
def service() -> Service:
    """A service with one user, ada, who was changed after the restore point; alan came after it."""
    service = Service()
    service.create("ada", age=36)
    service.snapshot()
    service.update("ada", age=37, email="lovelace@example.com")
    service.create("alan", receipt="key")
    return service


def test_a_replay_that_meets_another_one_finds_its_work_done(service: Service) -> None:
    restored = deepcopy(service.tables.tables[RESTORED])
    service.replay()
    whole = deepcopy(service.tables.tables[RESTORED])
    service.tables.tables[RESTORED] = restored

    def meanwhile() -> None:
        service.tables.tables[RESTORED] = deepcopy(whole)

    service.tables.before_write = meanwhile
    assert not service.replay().conflicts
    assert service.tables.tables[RESTORED] == whole


def test_a_user_of_whom_another_replay_wrote_the_history_is_finished(service: Service) -> None:
    told = service.history("ada", FORMER)[-1]

    def meanwhile() -> None:
        service.tables.tables[RESTORED]["ada", told["timestamp"]["S"]] = deepcopy(told)

    service.tables.before_write = meanwhile
    assert not service.replay().conflicts
    assert service.tables.tables[RESTORED] == service.tables.tables[FORMER]


def test_a_receipt_that_another_client_was_given_meanwhile_stays_and_is_named(service: Service) -> None:
    service.create("grace", receipt="other")
    key = ("REQUEST#key", "REQUEST")
    there = {**service.tables.tables[FORMER][key], "digest": {"S": "of another request"}}

    def meanwhile() -> None:
        service.tables.tables[RESTORED][key] = there

    service.tables.before_write = meanwhile
    outcome = service.replay()
    assert outcome.conflicts == [Conflict(user_id="REQUEST#key", version_id="", why=Why.CHANGED)]
    assert outcome.receipts == 1
    assert service.row(*key) == there
    assert service.row("REQUEST#other", "REQUEST") == service.row("REQUEST#other", "REQUEST", FORMER)


@pytest.mark.parametrize("error", [cancelled(CONFLICT, "None"), DynamoError("ThrottlingException")])
def test_a_busy_table_is_asked_again(service: Service, error: DynamoError) -> None:
    failures, pauses = [error, error], list[float]()

    def meanwhile() -> None:
        if failures:
            raise failures.pop()

    service.tables.before_write = meanwhile
    table = Table(RESTORED, service.tables, pauses.append)
    assert not replay(Table(FORMER, service.tables), table, None).conflicts
    assert len(pauses) == 2
    assert service.tables.tables[RESTORED] == service.tables.tables[FORMER]


@pytest.mark.parametrize(
    ("error", "raised"),
    [(DynamoError(NO_ANSWER), RepositoryUnavailable), (DynamoError("AccessDeniedException"), DynamoError)],
)
def test_a_table_that_does_not_take_a_write_ends_the_replay(
    service: Service, error: DynamoError, raised: type[Exception]
) -> None:
    pauses = list[float]()

    def meanwhile() -> None:
        raise error

    service.tables.before_write = meanwhile
    with pytest.raises(raised):
        replay(Table(FORMER, service.tables), Table(RESTORED, service.tables, pauses.append), None)
    assert len(pauses) in ((0,) if raised is DynamoError else range(TRIES - 1, 4 * TRIES))
