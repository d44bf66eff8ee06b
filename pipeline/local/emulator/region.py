"""One emulated Region: the emulator, its journal, and replication from its peers, in one process."""

from __future__ import annotations

import asyncio
import http.client
import json
import time
from importlib.metadata import version
from pathlib import Path

from ministack import app as emulator
from ministack.core.persistence import save_all
from ministack.services.cloudformation import provisioners

from pipeline.local.emulator import (
    alarm_types,
    alarms,
    concurrency,
    health_check,
    route53,
    stack_progress,
    stored,
    versions,
)
from pipeline.local.emulator.control import Control
from pipeline.local.emulator.endpoint import App, Receive, Scope, Send
from pipeline.local.emulator.global_table import GlobalTable
from pipeline.local.emulator.journal import Journal
from pipeline.local.emulator.replica import Replica
from pipeline.local.emulator.replication import Replication
from pipeline.local.emulator.stream_reader import StreamReader
from pipeline.local.emulator.tables import Tables


def serve(region: str, state: Path, peers: dict[str, int], zones: dict[str, str], account: str) -> None:
    """Bring the Region back to where its journal ends, then serve until a signal.

    Args:
        region: the Region's name.
        state: the folder of its journal and of the emulator's services.
        peers: the port of each other Region on loopback.
        zones: the name of each hosted zone that the account owns beforehand, by its id.
        account: the account that owns them.

    Raises:
        JournalDamagedError: the journal cannot be trusted; nothing was served.
    """
    tables = Tables(region)
    replica = Replica(
        region, Journal(state / "journal.jsonl", region), tables, lambda: time.time_ns() // 1_000
    )
    restored = replica.restore()
    tables.attach(replica)
    # Tables are the journal's; the emulator's own snapshot of them would be an older one.
    del emulator._state_map["dynamodb"]

    StreamReader(state / "streams.json").attach()
    for service in (alarms, concurrency, route53, stack_progress, versions):
        service.attach()
    for zone_id, name in zones.items():
        route53.seed(zone_id, name, account, region)
    GlobalTable(tables, lambda peer, table: _peer_has(peers[peer], table)).register()
    for types in (alarm_types, health_check):
        types.register()
    facts = {
        "region": region,
        "version": f"ministack {version('ministack')}",
        "journal": replica.journal_id,
        "restored": restored,
        "stored_types": stored.register(),
        "known_types": sorted(provisioners._RESOURCE_HANDLERS),
    }
    control = Control(
        emulator.app, replica, describe=lambda: facts, tables=tables.names, checkpoint=_save_services
    )
    emulator.app = _when_started(control, replica, peers)
    emulator.main()


def _when_started(control: Control, replica: Replica, peers: dict[str, int]) -> App:
    """Return the application, which begins to follow its peers once there is a loop to do it on."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            loop = asyncio.get_running_loop()
            control.replications = [Replication(replica, peer, port, loop) for peer, port in peers.items()]
            for replication in control.replications:
                replication.start()
        await control(scope, receive, send)

    return application


def _save_services() -> None:
    save_all(emulator._build_persistence_save_dict())


def _peer_has(port: int, table: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/_local/tables")
        answer = connection.getresponse()
        return answer.status == 200 and table in json.loads(answer.read())["tables"]
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()
