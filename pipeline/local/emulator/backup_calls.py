"""AWS Backup's calls that are answered here instead of by the emulator, which keeps plans and selections."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import backup

from pipeline.local.emulator.backup_jobs import BackupJobs
from pipeline.local.emulator.backup_state import BackupState
from pipeline.local.emulator.backup_vault import LOCK, NOTIFICATIONS, POLICY, BackupVaults
from pipeline.local.emulator.change import Item
from pipeline.local.emulator.copy_jobs import CopyJobs
from pipeline.local.emulator.dispatch import RefusedError
from pipeline.local.emulator.record_query import Query, page, shown
from pipeline.local.emulator.recovery_points import DYNAMODB, RecoveryPoints
from pipeline.local.emulator.restore_jobs import RestoreJobs

Answer = tuple[int, dict[str, str], bytes]
Call = Callable[..., Item | None]
Route = tuple[str, str, Call]

PREFERENCES = ("ResourceTypeOptInPreference", "ResourceTypeManagementPreference")
_serve = backup.handle_request


class BackupCalls:
    """The calls by method and path, as https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Operations.html
    has them."""

    def __init__(
        self,
        state: BackupState,
        vaults: BackupVaults,
        points: RecoveryPoints,
        backups: BackupJobs,
        copies: CopyJobs,
        restores: RestoreJobs,
    ) -> None:
        self._state = state
        self._vaults = vaults
        self._points = points
        self._restores = restores
        routes = (*self._on_vaults(), *self._on_jobs(backups, copies))
        self._routes = [(method, re.compile(path), call) for method, path, call in routes]

    def attach(self) -> None:
        """Answer in place of the emulator."""
        backup.handle_request = self.serve

    async def serve(
        self, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> Answer:
        """Answer one request, in the scope of its account and Region."""
        asked = {name: value[0] if isinstance(value, list) else value for name, value in query.items()}
        for of, pattern, call in self._routes:
            if of == method and (found := pattern.fullmatch(path.rstrip("/"))):
                try:
                    answer = call(*found.groups(), body=json.loads(body or b"{}"), query=asked)
                except RefusedError as refusal:
                    status = 403 if refusal.code == "AccessDeniedException" else 400
                    return backup._err(refusal.code, refusal.message, status)  # type: ignore[no-any-return]
                return backup._ok(answer) if answer is not None else backup._no_content()  # type: ignore[no-any-return]
        done: Answer = await _serve(method, path, headers, body, query)
        if method != "GET":
            self._state.save()
        return done

    def _on_vaults(self) -> list[Route]:
        points = self._points
        vault, point = "/backup-vaults/([^/]+)", "/backup-vaults/([^/]+)/recovery-points/(.+)"
        notifications = f"{vault}/notification-configuration"
        return [
            ("GET", "/backup-vaults", self._list_vaults),
            ("GET", vault, lambda name, **_: self._vaults.describe(name)),
            ("DELETE", vault, self._delete_vault),
            *self._configuration(f"{vault}/access-policy", POLICY, "BackupVaultAccessPolicy"),
            *self._configuration(notifications, NOTIFICATIONS, "BackupVaultNotifications"),
            *self._configuration(f"{vault}/vault-lock", LOCK, "BackupVaultLockConfiguration"),
            ("GET", f"{vault}/recovery-points", self._list_points),
            ("GET", f"{point}/restore-metadata", lambda name, arn, **_: points.metadata(name, arn)),
            ("GET", point, lambda name, arn, **_: shown(points.find(arn, name))),
            ("DELETE", point, lambda name, arn, **_: points.delete(name, arn)),
            ("GET", "/resources/(.+)/recovery-points", self._list_points_of),
            ("GET", "/resources/(.+)/restore-jobs", self._list_restores_of),
        ]

    def _on_jobs(self, backups: BackupJobs, copies: CopyJobs) -> list[Route]:
        return [
            ("PUT", "/backup-jobs", lambda body, **_: backups.start(body)),
            ("PUT", "/copy-jobs", lambda body, **_: copies.start(body)),
            ("PUT", "/restore-jobs", lambda body, **_: self._restores.start(body)),
            ("POST", "/backup-jobs/([^/]+)", self._stop),
            ("PUT", "/restore-jobs/([^/]+)/validations", self._validate),
            ("GET", "/restore-jobs/([^/]+)/metadata", self._restore_metadata),
            ("GET", "/account-settings", self._settings),
            ("PUT", "/account-settings", self._update_settings),
            *self._listing("backup", "/backup-jobs", "BackupJobs", None),
            *self._listing("copy", "/copy-jobs", "CopyJobs", "CopyJob"),
            *self._listing("restore", "/restore-jobs", "RestoreJobs", None),
        ]

    def _configuration(self, path: str, part: str, member: str) -> list[Route]:
        """Return the calls that put, get and delete one of the configurations of a vault."""

        def put(name: str, *, body: Item, **_: object) -> None:
            self._vaults.refuse_denied(name, f"Put{member}")
            self._vaults.put(name, part, body["Policy"] if part == POLICY else body)

        def get(name: str, **_: object) -> Item:
            found = self._vaults.get(name, part)
            of_vault = {key: self._vaults.vault(name)[key] for key in ("BackupVaultName", "BackupVaultArn")}
            return {**of_vault, **({"Policy": found} if part == POLICY else found)}

        def delete(name: str, **_: object) -> None:
            self._vaults.refuse_denied(name, f"Delete{member}")
            self._vaults.put(name, part, None)

        return [("PUT", path, put), ("GET", path, get), ("DELETE", path, delete)]

    def _listing(self, kind: str, path: str, member: str, wrapped: str | None) -> list[Route]:
        """Return the calls that list and describe the jobs of a kind."""

        def jobs(*, query: Query, **_: object) -> Item:
            return page(member, self._state.of_account(kind), query)

        def job(id_: str, **_: object) -> Item:
            found = shown(self._job(kind, id_))
            return {wrapped: found} if wrapped else found

        return [("GET", path, jobs), ("GET", f"{path}/([^/]+)", job)]

    def _list_vaults(self, *, query: Query, **_: object) -> Item:
        return page("BackupVaultList", [self._vaults.describe(name) for name in backup._vaults], query)

    def _delete_vault(self, name: str, **_: object) -> None:
        self._vaults.refuse_denied(name, "DeleteBackupVault")
        if self._vaults.points(name):
            message = f"Backup vault {name} cannot be deleted because it contains recovery points."
            raise RefusedError("InvalidRequestException", message)
        backup._delete_vault(name)
        self._state.save()

    def _list_points(self, name: str, *, query: Query, **_: object) -> Item:
        self._vaults.vault(name)
        return page("RecoveryPoints", self._vaults.points(name), query)

    def _list_points_of(self, arn: str, *, query: Query, **_: object) -> Item:
        found = [
            {**point, "BackupSizeBytes": point["BackupSizeInBytes"]}
            for point in self._points.of_resource(arn)
        ]
        return page("RecoveryPoints", found, query)

    def _list_restores_of(self, arn: str, *, query: Query, **_: object) -> Item:
        found = [job for job in self._state.of_account("restore") if job["SourceResourceArn"] == arn]
        return page("RestoreJobs", found, query)

    def _stop(self, id_: str, **_: object) -> None:
        state = self._job("backup", id_)["State"]
        raise RefusedError("InvalidRequestException", f"A backup job that is {state} cannot be stopped here.")

    def _validate(self, id_: str, *, body: Item, **_: object) -> None:
        self._restores.validate(self._job("restore", id_), body)

    def _restore_metadata(self, id_: str, **_: object) -> Item:
        return {"RestoreJobId": id_, "Metadata": self._job("restore", id_)["_metadata"]}

    def _job(self, kind: str, id_: str) -> Item:
        if (found := self._state.get(kind, id_)) is None:
            raise RefusedError("ResourceNotFoundException", f"Cannot find {kind} job {id_}.")
        return found

    def _settings(self, **_: object) -> Item:
        """Tell which resource types are opted in: none is, as in an account from before 2021."""
        kept = self._state.get("settings", get_account_id()) or {}
        return {name: {DYNAMODB: False, **(kept.get(name) or {})} for name in PREFERENCES}

    def _update_settings(self, *, body: Item, **_: object) -> None:
        kept = self._state.get("settings", get_account_id()) or {}
        changed = {name: {**(kept.get(name) or {}), **(body.get(name) or {})} for name in PREFERENCES}
        self._state.add("settings", get_account_id(), changed)
