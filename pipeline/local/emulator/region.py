"""One emulated Region: the emulator, its journal, and replication from its peers, in one process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
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
from pipeline.local.emulator.backup_calls import BackupCalls
from pipeline.local.emulator.backup_jobs import BackupJobs
from pipeline.local.emulator.backup_state import BackupState
from pipeline.local.emulator.backup_vault import BackupVaults
from pipeline.local.emulator.backups import Backups
from pipeline.local.emulator.change import now
from pipeline.local.emulator.continuous_backups import ContinuousBackups
from pipeline.local.emulator.control import Control
from pipeline.local.emulator.copy_jobs import CopyJobs
from pipeline.local.emulator.endpoint import App, Receive, Scope, Send
from pipeline.local.emulator.global_table import GlobalTable
from pipeline.local.emulator.journal import Journal
from pipeline.local.emulator.peer import Peer
from pipeline.local.emulator.recovery_points import RecoveryPoints
from pipeline.local.emulator.replica import Replica
from pipeline.local.emulator.replicas import Replicas
from pipeline.local.emulator.replication import Replication
from pipeline.local.emulator.restore_jobs import RestoreJobs
from pipeline.local.emulator.restores import Restores
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
    journal = Journal(state / "journal.jsonl", region)
    replica = Replica(region, journal, tables, now)
    restored = replica.restore()
    tables.attach(replica)
    # Tables are the journal's; the emulator's own snapshot of them would be an older one.
    del emulator._state_map["dynamodb"]

    restores = Restores(tables, state / "restores")
    restores.attach()
    tables.dispatch.operations |= ContinuousBackups(tables, journal, restores).operations()
    tables.dispatch.operations |= Backups(state / "backups", journal, restores).operations()
    others = {name: Peer(port) for name, port in peers.items()}
    replicas = Replicas(tables, replica, others)
    replicas.attach()
    tables.dispatch.operations |= replicas.operations()
    points, jobs = _backup(BackupState(region, state / "backup"), journal, restores, others)
    StreamReader(state / "streams.json").attach()
    for service in (alarms, concurrency, route53, stack_progress, versions):
        service.attach()
    for zone_id, name in zones.items():
        route53.seed(zone_id, name, account, region)
    GlobalTable(tables, others).register()
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
    control.receive = points.receive
    begin = [part.resume for part in (restores, replicas, *jobs)]
    emulator.app = _when_started(control, replica, peers, begin)
    emulator.main()


def _backup(
    records: BackupState, journal: Journal, restores: Restores, peers: Mapping[str, Peer]
) -> tuple[RecoveryPoints, Sequence[BackupJobs | CopyJobs | RestoreJobs]]:
    """Let AWS Backup here do its jobs; return the recovery points, and the jobs, to be resumed."""
    vaults = BackupVaults(records)
    points = RecoveryPoints(records, vaults)
    backup_jobs = BackupJobs(records, vaults, points, journal)
    copy_jobs, restore_jobs = CopyJobs(records, points, peers), RestoreJobs(records, points, restores)
    vaults.register()
    records.attach()
    BackupCalls(records, vaults, points, backup_jobs, copy_jobs, restore_jobs).attach()
    return points, (backup_jobs, copy_jobs, restore_jobs)


def _when_started(
    control: Control, replica: Replica, peers: dict[str, int], begin: Sequence[Callable[[], None]]
) -> App:
    """Return the application, which follows its peers, and goes on, once there is a loop to do it on."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            loop = asyncio.get_running_loop()
            control.replications = [Replication(replica, peer, port, loop) for peer, port in peers.items()]
            for replication in control.replications:
                replication.start()
            for resume in begin:
                resume()
        await control(scope, receive, send)

    return application


def _save_services() -> None:
    save_all(emulator._build_persistence_save_dict())
