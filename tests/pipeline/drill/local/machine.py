"""What answers in place of two Regions and a DNS, with what a test has them say."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.drill.local.learnt import Learnt
from pipeline.drill.local.probes import LocalProbes
from pipeline.local.layout import Layout
from pipeline.local.service import Service
from tests.pipeline.local.servers import Answer, Asked, Server
from tests.ports import free_ports


class Machine:
    """Two Regions' endpoints and the state of the DNS, which answer what a test puts into `says`."""

    def __init__(self, folder: Path) -> None:
        self.says: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.layout = Layout(port=free_ports(6), state=folder)
        self.learnt = Learnt(folder)
        self.dns_port = self.layout.port + 5
        places = {"primary": self.layout.primary.aws_port, "secondary": self.layout.secondary.aws_port}
        ports = {**places, "dns": self.dns_port}
        self._servers = [Server(self._answering(name), port) for name, port in ports.items()]

    def _answering(self, name: str) -> Callable[[Asked], Answer]:
        def answering(asked: Asked) -> Answer:
            path, _, query = asked.target.partition("?")
            self.asked.append(f"{name} {path.removeprefix('/_local/')} {query}".strip())
            found = self.says.get(f"{name} {path.removeprefix('/_local/')}")
            if found is None:
                return Answer(503, b"{}")
            return Answer(200, json.dumps(found).encode(), [("Content-Type", "application/json")])

        return answering

    def probes(self, dns_port: int | None = None) -> LocalProbes:
        port = dns_port or self.dns_port
        events = str(self.layout.state / "dns-events.jsonl")
        dns = Service(
            name="dns",
            command=["dns", "--events", events],
            ports=[port],
            folder=self.layout.state,
            cwd=self.layout.state,
            ready=lambda: True,
        )
        return LocalProbes(self.layout, dns, self.learnt)

    def stop(self) -> None:
        for server in self._servers:
            server.stop()
