"""A bounded stream of users from several clients at once, each attempt written down with its outcome."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx

from tests.waiting import eventually


class Load:
    """Creates users until it is told to stop, `most` at the most, and knows which were acknowledged.

    Each client waits `pause_s` seconds after each user.
    """

    def __init__(self, url: str, *, most: int, pause_s: float = 0) -> None:
        self._url = url
        self._pause_s = pause_s
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
                self._stop.wait(self._pause_s if created else 0.05)

    def stop(self) -> None:
        self._stop.set()

    def await_acknowledged(self, more: int) -> None:
        """Return when so many more users were acknowledged."""
        enough = len(self.acknowledged) + more
        eventually(lambda: len(self.acknowledged) >= enough)


@contextmanager
def load(url: str, *, clients: int = 4, most: int = 2_000, pause_s: float = 0) -> Iterator[Load]:
    """Run clients against the URL for the length of the block."""
    running = Load(url, most=most, pause_s=pause_s)
    threads = [threading.Thread(target=running.work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield running
    finally:
        running.stop()
        for thread in threads:
            thread.join()
