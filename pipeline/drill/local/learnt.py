"""What of a drill must outlive what it is known from, on disk: a broken Region, or a DNS that starts anew."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from pipeline.drill.step import Role

Concurrency = Mapping[str, int | None]


class Learnt:
    """Files in a drill's folder: what was reserved for functions, Regions that were hit, logs of the DNS."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def concurrency(self, role: Role) -> Concurrency | None:
        """Return what was reserved for each function of a Region's API, None for nothing.

        Where that was never learnt, there is None instead. Raises OSError, and ValueError for a broken file.
        """
        file = self._concurrency(role)
        return msgspec.json.decode(file.read_bytes(), type=dict[str, int | None]) if file.exists() else None

    def keep_concurrency(self, role: Role, concurrency: Concurrency) -> None:
        """Keep it; raises OSError."""
        self._write(self._concurrency(role), msgspec.json.encode(concurrency))

    def was_lost(self, role: Role) -> bool:
        """Tell whether a Region lost all that it had, its memory of calls included."""
        return self._lost(role).exists()

    def note_lost(self, role: Role) -> None:
        """Note that it is about to; raises OSError."""
        self._write(self._lost(role), b"")

    def frozen_at(self, role: Role) -> float | None:
        """Return when a Region was frozen, in seconds since the epoch, None if it was not; raises OSError."""
        file = self._frozen(role)
        return float(file.read_text()) if file.exists() else None

    def note_frozen(self, role: Role, at: float | None) -> None:
        """Note when it is about to be, or with None that it is not any more; raises OSError."""
        if at is None:
            self._frozen(role).unlink(missing_ok=True)
        else:
            self._write(self._frozen(role), repr(at).encode())

    @property
    def dns_logs(self) -> Sequence[Path]:
        """The logs that were kept."""
        return sorted(self._folder.glob("dns-*.jsonl"))

    def keep_dns_log(self, file: Path) -> None:
        """Keep a copy of a log of the DNS, if there is one; raises OSError."""
        if file.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, self._folder / f"dns-{len(self.dns_logs)}.jsonl")

    def _concurrency(self, role: Role) -> Path:
        return self._folder / f"concurrency-{role}.json"

    def _frozen(self, role: Role) -> Path:
        return self._folder / f"frozen-{role}"

    def _lost(self, role: Role) -> Path:
        return self._folder / f"lost-{role}"

    def _write(self, file: Path, content: bytes) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_name(f"{file.name}.new")
        new.write_bytes(content)
        new.replace(file)
