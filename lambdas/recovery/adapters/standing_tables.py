"""The tables of one region, as far as somebody clears away what is left of restore tests."""

from collections.abc import Iterator
from datetime import UTC, datetime

from lambdas.recovery.domain.left_over import StandingTable
from lambdas.users.adapters.boto import BotoCall
from lambdas.users.adapters.call import DynamoCall, DynamoError

GONE = "ResourceNotFoundException"


class StandingTables:
    """All tables that one may list; each method raises DynamoError."""

    def __init__(self, call: DynamoCall) -> None:
        self._call = call

    def named(self, prefix: str) -> Iterator[StandingTable]:
        """Yield the tables whose names begin so."""
        for name in self._names():
            if name.startswith(prefix) and (table := self._described(name)):
                yield table

    def delete(self, table: StandingTable) -> bool:
        """Delete a table, and tell whether it went: a protected one is refused, and so is one that is in use.

        See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html.
        """
        try:
            self._call("DeleteTable", {"TableName": table.name})
        except DynamoError as error:
            if error.code not in {GONE, "ResourceInUseException", "ValidationException"}:
                raise
            return error.code == GONE
        return True

    def _names(self) -> Iterator[str]:
        """Yield the name of every table, a hundred to a page."""
        start: dict[str, str] = {}
        while True:
            page = self._call("ListTables", start)
            yield from page["TableNames"]
            if "LastEvaluatedTableName" not in page:
                return
            start = {"ExclusiveStartTableName": page["LastEvaluatedTableName"]}

    def _described(self, name: str) -> StandingTable | None:
        """Describe a table, which may be gone meanwhile."""
        try:
            table = self._call("DescribeTable", {"TableName": name})["Table"]
        except DynamoError as error:
            if error.code == GONE:
                return None
            raise
        return StandingTable(
            name=name,
            created=datetime.fromtimestamp(table["CreationDateTime"], UTC),
            protected=bool(table.get("DeletionProtectionEnabled")),
            status=table["TableStatus"],
        )


def standing_tables(region: str) -> StandingTables:
    """Return the tables of a region."""
    return StandingTables(BotoCall(region=region, connect_seconds=2, read_seconds=10, attempts=5))
