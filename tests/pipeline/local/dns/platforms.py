"""A data plane that runs, with two Regions behind it that a test can break."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx

from pipeline.local.dns.data_plane import DataPlane
from pipeline.local.dns.events import EventLog
from pipeline.local.dns.server import serve
from pipeline.local.dns.zone import Zone, write
from tests.pipeline.local.dns.serving import Api, resolved, running
from tests.pipeline.local.dns.zones import SHARED, without_alarms
from tests.ports import free_ports
from tests.waiting import eventually

# An interval of 10 s is 20 ms here.
FAST = 500


class Running:
    """A data plane that runs, with two Regions' APIs behind it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "zone.json"
        self.log = folder / "events.jsonl"
        self.port = free_ports(1)
        self.first, self.second = Api(), Api()

    @property
    def urls(self) -> tuple[str, str]:
        return self.first.url, self.second.url

    @contextmanager
    def serving(self, zone: Zone | None = None, time_scale: float = FAST) -> Iterator[None]:
        write(zone or without_alarms(self.urls), self.file)
        with closing(EventLog(self.log)) as events:
            plane = DataPlane(self.file, events)
            with running(lambda: serve(plane, self.port, time_scale)):
                eventually(self.state)
                yield

    def kill(self) -> None:
        """End what is left of both Regions."""
        self.first.kill()
        self.second.kill()

    def state(self) -> dict[str, Any]:
        try:
            found = httpx.get(f"http://127.0.0.1:{self.port}/_local/health", timeout=5, trust_env=False)
        except httpx.TransportError:
            return {}
        assert found.status_code == 200
        return dict(found.json())

    def check(self, id: str) -> dict[str, Any]:
        return next(check for check in self.state()["checks"] if check["check"] == id)

    def address(self, name: str = SHARED) -> str:
        ((address, _),) = resolved(self.port, name)
        return address

    def await_address(self, address: str) -> None:
        eventually(lambda: self.address() == address)
