"""Backup vaults: their access policy, lock and notifications, in the API and in CloudFormation."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from ministack.services import backup
from ministack.services.cloudformation import provisioners

from pipeline.local.emulator.backup_state import BackupState
from pipeline.local.emulator.change import Item
from pipeline.local.emulator.dispatch import RefusedError

Properties = dict[str, Any]
Created = tuple[str, dict[str, Any]]

TYPE = "AWS::Backup::BackupVault"
POLICY, LOCK, NOTIFICATIONS = "_policy", "_lock", "_notifications"
DAY_S = 86_400


class BackupVaults:
    """The vaults of a Region with what the emulator's own pass over."""

    def __init__(self, state: BackupState) -> None:
        self._state = state
        self._handlers = dict(provisioners._RESOURCE_HANDLERS[TYPE])

    def register(self) -> None:
        """Let CloudFormation here keep a vault's policy, lock and notifications."""
        own = {"create": self.create, "update": self.update, "delete": self.delete}
        provisioners._RESOURCE_HANDLERS[TYPE] = {**self._handlers, **own}

    def create(self, logical_id: str, properties: Properties, stack: str) -> Created:
        """Create the vault, or adopt one of that name, as after its stack was lost; its points stay."""
        return self._set(self._handlers["create"](logical_id, properties, stack), properties)

    def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str | None = None
    ) -> Created:
        """Bring the vault to its new properties."""
        return self._set(self._handlers["update"](physical_id, old, new, stack, logical_id), new)

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Remove the vault.

        Raises:
            ValueError: it has recovery points; the stack keeps it.
        """
        if self.points(physical_id):
            raise ValueError(
                f"Backup vault {physical_id} cannot be deleted because it contains recovery points"
            )
        self._handlers["delete"](physical_id, properties)
        self._state.save()

    def vault(self, name: str) -> Item:
        """Return the vault of that name.

        Raises:
            RefusedError: ResourceNotFoundException.
        """
        if name not in backup._vaults:
            raise RefusedError("ResourceNotFoundException", f"Backup vault {name} does not exist.")
        found: Item = backup._vaults[name]
        return found

    def points(self, name: str) -> list[Item]:
        """Return the recovery points in the vault of that name."""
        return [each for each in self._state.of_account("points") if each["BackupVaultName"] == name]

    def describe(self, name: str) -> Item:
        """Return what DescribeBackupVault tells.

        Raises:
            RefusedError: ResourceNotFoundException.
        """
        vault = self.vault(name)
        lock = vault.get(LOCK) or {}
        retention = {key: int(lock[key]) for key in ("MinRetentionDays", "MaxRetentionDays") if key in lock}
        changeable = {"LockDate": lock["LockDate"]} if "LockDate" in lock else {}
        shown = {key: value for key, value in vault.items() if not key.startswith("_")}
        count = {"NumberOfRecoveryPoints": len(self.points(name))}
        kind = {"VaultType": "BACKUP_VAULT", "VaultState": "AVAILABLE", "Locked": bool(lock)}
        return {**shown, **count, **kind, **retention, **changeable}

    def put(self, name: str, part: str, value: object) -> None:
        """Set or, with None, remove the policy, lock or notifications of a vault.

        Raises:
            RefusedError: ResourceNotFoundException, or InvalidParameterValueException for what is no policy.
        """
        vault = self.vault(name)
        if part == POLICY and value is not None:
            value = _policy(value)
        if part == LOCK and isinstance(value, dict):
            value = _lock(value, vault.get(LOCK))
        vault[part] = value
        self._state.save()

    def get(self, name: str, part: str) -> Any:  # noqa: ANN401 - a document, a text or a mapping
        """Return the policy, lock or notifications of a vault.

        Raises:
            RefusedError: ResourceNotFoundException, where there are none too.
        """
        if not (found := self.vault(name).get(part)):
            raise RefusedError("ResourceNotFoundException", f"Backup vault {name} has no such configuration.")
        return found

    def refuse_denied(self, name: str, action: str) -> None:
        """Hold a call to the vault's policy, of which one shape is understood: what is denied to everybody.

        Raises:
            RefusedError: AccessDeniedException.
        """
        for statement in _statements(self.vault(name).get(POLICY)):
            everybody = statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
            actions = _listed(statement.get("Action"))
            named = {f"backup:{action}", "backup:*", "*"}.intersection(actions)
            if statement.get("Effect") == "Deny" and everybody and named and "Condition" not in statement:
                raise RefusedError(
                    "AccessDeniedException",
                    f"The access policy of backup vault {name} denies backup:{action} to everybody.",
                )

    def refuse_locked(self, point: Item) -> None:
        """Hold the deletion of a recovery point to the lock of its vault: not before its retention is over.

        https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html

        Raises:
            RefusedError: AccessDeniedException.
        """
        days = (point.get("Lifecycle") or {}).get("DeleteAfterDays")
        is_over = days is not None and time.time() >= point["CreationDate"] + int(days) * DAY_S
        if self.vault(point["BackupVaultName"]).get(LOCK) and not is_over:
            raise RefusedError(
                "AccessDeniedException",
                f"Backup vault {point['BackupVaultName']} is locked, and the retention is not over.",
            )

    def outside_retention(self, name: str, lifecycle: Mapping[str, Any] | None) -> str | None:
        """Return why a recovery point with that lifecycle may not be kept in a locked vault, or None."""
        lock = self.vault(name).get(LOCK) or {}
        days, least = (lifecycle or {}).get("DeleteAfterDays"), int(lock.get("MinRetentionDays", 0))
        most = int(lock["MaxRetentionDays"]) if "MaxRetentionDays" in lock else None
        too_short = days is not None and int(days) < least
        too_long = most is not None and (days is None or int(days) > most)
        if not (too_short or too_long):
            return None
        return f"Retention settings are not within those of backup vault {name}: {least} to {most} days."

    def _set(self, created: Created, properties: Properties) -> Created:
        vault = self.vault(created[0])
        policy, lock = properties.get("AccessPolicy"), properties.get("LockConfiguration")
        vault[POLICY] = _policy(policy) if policy else None
        vault[LOCK] = _lock(lock, vault.get(LOCK)) if lock else None
        notifications: Properties | None = properties.get("Notifications")
        vault[NOTIFICATIONS] = notifications and {
            "SNSTopicArn": notifications["SNSTopicArn"],
            "BackupVaultEvents": notifications["BackupVaultEvents"],
        }
        self._state.save()
        return created


def _policy(policy: object) -> str:
    text = policy if isinstance(policy, str) else json.dumps(policy)
    try:
        json.loads(text)["Statement"]
    except (ValueError, LookupError, TypeError) as error:
        raise RefusedError("InvalidParameterValueException", f"The policy is not valid: {error}") from error
    return text


def _lock(lock: Mapping[str, Any], before: Mapping[str, Any] | None) -> Properties:
    found = {key: int(value) for key, value in lock.items() if value is not None}
    if days := found.pop("ChangeableForDays", None):
        found["LockDate"] = (before or {}).get("LockDate") or int(time.time()) + days * DAY_S
    return found


def _statements(policy: str | None) -> list[dict[str, Any]]:
    found = json.loads(policy)["Statement"] if policy else []
    return [found] if isinstance(found, dict) else list(found)


def _listed(value: object) -> list[str]:
    return [value] if isinstance(value, str) else list(value) if isinstance(value, list) else []
