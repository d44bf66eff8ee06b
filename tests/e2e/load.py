"""A bounded stream of users from several clients at once, each attempt written down with its outcome."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx

from tests.waiting import eventually


class Load:
    """Creates users until it is told to stop, `most` at the most, and knows which were acknowledged."""

    def __init__(self, url: str, *, most: int) -> None:
        self._url = url
        self._left = threading.Semaphore(most)
        self._stop = threading.Event()
        self.acknowledged: list[str] = []
        self.refused: list[str] = []

    def work(self) -> None:
        with httpx.Client(base_url=self._url, timeout=10) as client:
            while not self._stop.is_set() and self._left.acquire(blocking=False):
                user_id = uuid4().hex
                user = {"user_id": user_id, "name": "Under load", "email": f"{user_id}@example.com"}
                try:
                    created = client.post("/users", json=user).status_code == 201
                except httpx.HTTPError:
                    created = False
                (self.acknowledged if created else self.refused).append(user_id)
                if not created:
                    self._stop.wait(0.05)

    def stop(self) -> None:
        self._stop.set()

    def await_acknowledged(self, more: int) -> None:
        """Return when so many more users were acknowledged."""
        enough = len(self.acknowledged) + more
        eventually(lambda: len(self.acknowledged) >= enough)


@contextmanager
def load(url: str, *, clients: int = 4, most: int = 2_000) -> Iterator[Load]:
    """Run clients against the URL for the length of the block."""
    running = Load(url, most=most)
    threads = [threading.Thread(target=running.work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield running
    finally:
        running.stop()
        for thread in threads:
            thread.join()
