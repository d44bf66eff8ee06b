"""Users who are there before anything is damaged, beside those of the load."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pipeline.drill.attempt import Operation, Wanted
from pipeline.drill.workload import Request
from pipeline.restore.hand import Hand

AT_ONCE = 2
BATCH = 100
MOST = 10_000


def gather(hand: Hand, size: int) -> Sequence[str]:
    """Create so many users through the API, and return their ids; raises FaultError where one is refused."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda request: hand.write(request).json(), _batches(hand.name, size)))
    return [user["user_id"] for answer in answers for user in answer["users"]]


def _batches(name: str, size: int) -> Iterator[Request]:
    for first in range(0, size, BATCH):
        users = [_user(name, number) for number in range(first, min(first + BATCH, size))]
        yield Request(
            operation=Operation.BATCH,
            method="POST",
            path="/batch",
            users=tuple(Wanted(fields=user) for user in users),
            body={"operation": "batch_write", "users": users},
            key=f"{name}-{first}",
        )


def _user(name: str, number: int) -> dict[str, Any]:
    return {"name": f"{name} {number}", "email": f"{name}-{number}@crowd.example", "age": number % 100}
