"""Who came with an email that the corruption had freed: there is no such user, and nobody who is lost."""

from copy import deepcopy

import pytest

from lambdas.recovery.domain.plan import Conflict, Why
from lambdas.users.domain.user import User
from tests.lambdas.recovery.replaying import FORMER, RESTORED, Service
from tests.lambdas.recovery.shelf import Shelf, found, inspected


@pytest.fixture
def service() -> Service:
    """A service with two users, ada and eve, restored to the second after they were created."""
    service = Service()
    service.create("ada")
    service.create("eve")
    service.snapshot()
    return service


@pytest.mark.parametrize("frees", ["script_removes", "rewrite"])
def test_who_came_with_the_email_of_another_is_left_out_and_named(service: Service, frees: str) -> None:
    getattr(service, frees)("ada")
    versions = [service.create("zoe", email="ada@example.com"), service.update("zoe", age=1)]
    outcome = service.replay()
    assert service.get("zoe", RESTORED) is None
    assert service.history("zoe") == []
    assert len(service.history("zoe", FORMER)) == 2
    assert service.claims() == {"ada@example.com": "ada", "eve@example.com": "eve"}
    assert outcome.replayed == 0
    assert outcome.conflicts == named(*versions)
    assert faults(service) == []


def test_a_second_replay_leaves_out_and_names_the_same(service: Service) -> None:
    service.script_removes("ada")
    service.create("zoe", email="ada@example.com")
    service.rewrite("zoe")
    first, rows = service.replay(), deepcopy(service.tables.tables)
    assert first.corrupt == 1
    assert service.replay() == first
    assert service.tables.tables == rows


def test_a_deletion_before_a_life_that_is_left_out_counts(service: Service) -> None:
    service.script_removes("ada")
    deleted = service.delete("eve")
    again = service.create("eve", email="ada@example.com")
    outcome = service.replay()
    assert [row["timestamp"]["S"] for row in service.history("eve")] == [deleted]
    assert (outcome.deleted, outcome.conflicts) == (1, named(again))
    assert service.claims() == {"ada@example.com": "ada"}
    assert faults(service) == []


def test_the_life_that_a_script_ended_goes_on_where_that_after_it_is_left_out(service: Service) -> None:
    before = service.update("eve", age=41)
    service.script_removes("ada")
    service.script_removes("eve")
    again = service.create("eve", email="ada@example.com")
    outcome = service.replay()
    assert service.restored("eve") == before
    assert outcome.conflicts == named(again)
    assert faults(service) == []


def named(*versions: User) -> list[Conflict]:
    return [
        Conflict(user_id=each.user_id, version_id=each.version.version_id, why=Why.EMAIL) for each in versions
    ]


def faults(service: Service) -> list[str]:
    """Return what the validator finds wrong with the restored table."""
    return found(inspected(Shelf(service.tables.rows(RESTORED))))
