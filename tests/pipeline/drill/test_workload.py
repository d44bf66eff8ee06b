"""What a client asks for: nothing twice, nothing of somebody else's, a bounded number of users."""

from __future__ import annotations

from random import Random

import pytest

from pipeline.drill.attempt import Operation
from pipeline.drill.workload import BATCH, MOST_USERS, Request, Workload


def worked(count: int, *, seed: int = 1) -> tuple[Workload, list[Request]]:
    """A workload whose every request is answered as the API answers it."""
    workload = Workload(client="drill-1", random=Random(seed))  # noqa: S311 - a test
    requests = []
    for number in range(count):
        request = workload.next()
        requests.append(request)
        if request.operation is Operation.CREATE:
            workload.etags[f"user-{number}"] = f'"{number}"'
        if request.operation is Operation.DELETE:
            del workload.etags[request.users[0].user_id or ""]
    return workload, requests


def test_every_operation_is_asked_for() -> None:
    _, requests = worked(300)
    assert {request.operation for request in requests} == set(Operation)


def test_no_two_writes_look_alike() -> None:
    _, requests = worked(300)
    changes = [r for r in requests if r.operation in (Operation.CREATE, Operation.BATCH, Operation.UPDATE)]
    names = [user.fields["name"] for request in changes for user in request.users]
    assert len(names) == len(set(names)) > 200


def test_each_creation_has_a_key_of_its_own() -> None:
    _, requests = worked(300)
    keys = [request.key for request in requests if request.operation.creates]
    assert None not in keys
    assert len(keys) == len(set(keys))


def test_a_change_is_conditional_on_the_version_that_the_client_knows() -> None:
    workload = Workload(client="drill-1", random=Random(1), etags={"ada": '"7"'})  # noqa: S311 - a test
    requests = [workload.next() for _ in range(100)]
    changes = [r for r in requests if r.operation in (Operation.UPDATE, Operation.DELETE)]
    assert changes
    assert {(change.path, change.if_match) for change in changes} == {("/users/ada", '"7"')}


def test_the_first_request_of_a_client_creates() -> None:
    for seed in range(20):
        _, (first,) = worked(1, seed=seed)
        assert first.operation.creates


def test_a_client_has_no_more_users_than_it_may() -> None:
    workload, _ = worked(2_000)
    assert 0 < len(workload.etags) <= MOST_USERS


def test_a_batch_creates_several_users_at_once() -> None:
    _, requests = worked(300)
    batch = next(request for request in requests if request.operation is Operation.BATCH)
    assert batch.body is not None
    assert (batch.path, batch.body["operation"]) == ("/batch", "batch_write")
    assert len(batch.users) == len(batch.body["users"]) == BATCH


@pytest.mark.parametrize(
    ("operation", "repeatable"),
    [
        (Operation.CREATE, True),
        (Operation.BATCH, True),
        (Operation.READ, True),
        (Operation.UPDATE, False),
        (Operation.DELETE, False),
    ],
)
def test_only_what_cannot_be_done_twice_is_repeated(operation: Operation, repeatable: bool) -> None:
    _, requests = worked(300)
    assert {r.may_be_repeated for r in requests if r.operation is operation} == {repeatable}
