"""A table in both Regions: what is told of it, and how one that serves nobody is removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from pipeline.drill.faults import FaultError
from pipeline.drill.step import Role
from pipeline.restore.place import RestorePlace
from pipeline.restore.waiting import until

MOST_S = 300.0
ABSENT = "ResourceNotFoundException"


@dataclass(frozen=True, kw_only=True)
class RestoredTable:
    """A table of a place, by its name; methods raise botocore's errors."""

    place: RestorePlace
    name: str

    def described(self, role: Role) -> Mapping[str, Any] | None:
        """Return what a Region tells of its table, None where there is none."""
        try:
            found: Mapping[str, Any] = self._client(role).describe_table(TableName=self.name)["Table"]
        except ClientError as error:
            if error.response["Error"]["Code"] == ABSENT:
                return None
            raise
        return found

    def active(self, role: Role) -> bool:
        """Tell whether a Region's table takes calls, and its indexes do."""
        table = self.described(role)
        if table is None or table["TableStatus"] != "ACTIVE":
            return False
        return all(
            index.get("IndexStatus", "ACTIVE") == "ACTIVE"
            for index in table.get("GlobalSecondaryIndexes", ())
        )

    def replicated(self) -> bool:
        """Tell whether the primary Region's table has replicas, and all take calls, here and there."""
        table = self.described(Role.PRIMARY)
        replicas = (table or {}).get("Replicas", ())
        known = all(replica.get("ReplicaStatus") == "ACTIVE" for replica in replicas)
        return bool(replicas) and known and all(self.active(role) for role in Role)

    def await_active(self, role: Role, most_s: float = MOST_S) -> None:
        """Return once a Region's table takes calls; raises FaultError where that takes too long."""
        otherwise = f"{self.name} is not active in the {role} Region"
        until(lambda: self.active(role), most_s=most_s, otherwise=otherwise)

    def remove(self) -> None:
        """Delete it in both Regions, where it is there: its protection first, then the replica, then itself.

        Raises FaultError for the table that serves, and where a Region does not let it go in time.
        """
        if self.name == self.place.tables[-1]:
            raise FaultError(f"{self.name} serves, and is not removed.")
        for role in Role:
            self._unprotect(role)
        for replica in self._replicas():
            self.await_active(Role.PRIMARY)
            updates = [{"Delete": {"RegionName": replica}}]
            self._client(Role.PRIMARY).update_table(TableName=self.name, ReplicaUpdates=updates)
            self._await_gone(self.place.role_of(replica))
        for role in Role:
            if self.described(role) is not None:
                self.await_active(role)
                self._client(role).delete_table(TableName=self.name)
                self._await_gone(role)

    def _replicas(self) -> list[str]:
        """Name the Regions beside the primary one that the table is replicated to."""
        table = self.described(Role.PRIMARY) or {}
        own = self.place.place.regions[Role.PRIMARY].name
        return [each["RegionName"] for each in table.get("Replicas", ()) if each["RegionName"] != own]

    def _unprotect(self, role: Role) -> None:
        table = self.described(role)
        if table is not None and table.get("DeletionProtectionEnabled"):
            self.await_active(role)
            self._client(role).update_table(TableName=self.name, DeletionProtectionEnabled=False)
            self.await_active(role)

    def _await_gone(self, role: Role) -> None:
        otherwise = f"{self.name} is not gone from the {role} Region"
        until(lambda: self.described(role) is None, most_s=MOST_S, otherwise=otherwise)

    def _client(self, role: Role) -> Any:  # noqa: ANN401 - boto3 makes the classes at run time
        return self.place.clients[role]["dynamodb"]
