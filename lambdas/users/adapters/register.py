"""Where the state of a region is kept: in a row of its replica of the users table, or in memory."""

from lambdas.users.adapters.call import DynamoCall
from lambdas.users.adapters.item import region_key, region_state_of
from lambdas.users.adapters.meter import metered
from lambdas.users.adapters.table import Table
from lambdas.users.domain.region_state import RegionState


class TableRegister:
    """A RegionRegister in a DynamoDB table.

    An operator writes the row to this region's own replica: `state` is `active` or `fenced`, `changed_at` an
    RFC 3339 time, and `reason` free text, if any. It has no attribute that an index is made of.
    """

    def __init__(self, *, table: str, region: str, call: DynamoCall) -> None:
        self._table = Table(table, metered(call))
        self._region = region

    def state(self) -> RegionState:
        """Return the state in the row, by one request; raises RepositoryUnavailable.

        The read is strongly consistent: an eventually consistent one may miss a change for a time that nobody
        bounds, and would save half a capacity unit where few are used
        (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html).
        """
        request = {"TableName": self._table.name, "Key": region_key(self._region), "ConsistentRead": True}
        response = self._table.ask("GetItem", request)
        return region_state_of(response["Item"]) if "Item" in response else RegionState.ACTIVE


class MemoryRegister:
    """A RegionRegister that is told its state, for tests and for trying things out."""

    def __init__(self) -> None:
        self._state = RegionState.ACTIVE

    def state(self) -> RegionState:
        """Return the state."""
        return self._state

    def change(self, state: RegionState) -> None:
        """Take the place of the operator."""
        self._state = state
