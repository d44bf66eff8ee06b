"""What AWS Backup in a Region keeps: vaults, recovery points, jobs and settings, in one file."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import backup

from pipeline.local.emulator import snapshot
from pipeline.local.emulator.change import Item
from pipeline.local.emulator.snapshot import Snapshot
from pipeline.local.emulator.whole_file import written

Vault = dict[str, Any]
KINDS = ("points", "backup", "copy", "restore", "settings")

_load = backup.load_persisted_state


class BackupState:
    """Records by kind and id, each with its AccountId, on disk when `save` returns, over a kill too.

    The emulator's own vaults are kept with them, since a recovery point without its vault is lost; its plans
    and selections are the emulator's, which saves them with the stacks.

    Args:
        region: this Region's name.
        folder: where the file is, and the snapshots beside it.
    """

    def __init__(self, region: str, folder: Path) -> None:
        self.region = region
        self._folder = folder
        self._file = folder / "state.json"
        self._saving = threading.RLock()  # stacks are changed on threads of their own
        kept = json.loads(self._file.read_text()) if self._file.exists() else {}
        self._records: dict[str, dict[str, Item]] = {kind: kept.get(kind, {}) for kind in KINDS}
        for account, name, vault in kept.get("vaults", []):
            backup._vaults.set_scoped(account, region, name, vault)

    def attach(self) -> None:
        """Keep the emulator's own saved state from putting back older vaults and jobs."""
        backup.load_persisted_state = lambda data: _load({**data, "vaults": {}, "jobs": {}})

    def save(self) -> None:
        """Put all of it on disk."""
        vaults = [
            [account, name, vault]
            for (account, region, name), vault in backup._vaults.all_items()
            if region == self.region
        ]
        with self._saving, written(self._file) as file:
            file.write(json.dumps({**self._records, "vaults": vaults}))

    def add(self, kind: str, id_: str, record: Item) -> Item:
        """Keep a record of the request's account; returns it, to be changed in place before `save`."""
        with self._saving:
            kept = self._records[kind][id_] = {"AccountId": get_account_id(), **record}
            self.save()
        return kept

    def get(self, kind: str, id_: str) -> Item | None:
        """Return the record of that id, of the request's account, or None."""
        record = self._records[kind].get(id_)
        return record if record and record["AccountId"] == get_account_id() else None

    def of_account(self, kind: str) -> Iterator[Item]:
        """Yield the records of the request's account, the oldest first."""
        account = get_account_id()
        return (each for each in list(self._records[kind].values()) if each["AccountId"] == account)

    def everybodys(self, kind: str) -> list[Item]:
        """Return the records of all accounts."""
        return list(self._records[kind].values())

    def remove(self, kind: str, id_: str) -> None:
        """Forget a record."""
        with self._saving:
            del self._records[kind][id_]
            self.save()

    def write_content(self, id_: str, content: Snapshot) -> int:
        """Keep what a recovery point has, and return its size in bytes. Waits for the disk."""
        snapshot.write(content, self.content(id_))
        return self.content(id_).stat().st_size

    def content(self, id_: str) -> Path:
        """Return the file of what the recovery point of that id has."""
        return self._folder / f"{id_.rpartition(':')[2].replace('/', '-')}.jsonl"
