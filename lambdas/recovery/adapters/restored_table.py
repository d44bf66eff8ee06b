"""A table in DynamoDB that is read from end to end, to be judged."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from threading import Lock
from typing import Any

from lambdas.recovery.domain.reading import Key, Row, key_of, key_row
from lambdas.recovery.domain.table import TableUnreadable
from lambdas.users.adapters.boto import BotoCall
from lambdas.users.adapters.call import DynamoCall, DynamoError
from lambdas.users.adapters.lanes import LANES, side_by_side
from lambdas.users.adapters.table import Table
from lambdas.users.domain.errors import RepositoryUnavailable

# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
MOST_KEYS = 100


class RestoredTable:
    """A ReadsTable by its name; all that reads many rows does so in eight lanes."""

    def __init__(self, name: str, call: DynamoCall) -> None:
        self.name = name
        self._table = Table(name, call)

    def description(self) -> Mapping[str, Any]:
        """Return what DescribeTable says of the table; raises TableUnreadable."""
        with self._readable():
            answer = self._table.ask("DescribeTable", {"TableName": self.name})
        table: Mapping[str, Any] = answer["Table"]
        return table

    def scan(self, take: Callable[[Iterable[Row]], None], *, more: Callable[[], bool]) -> bool:
        """Hand over the rows of a page at a time; a page is up to 1 MB, and each lane holds one.

        Reads are eventually consistent, at half the price, and end where `more` says that there is no time.
        Returns whether they came to the end; raises TableUnreadable.
        """
        one_at_a_time = Lock()

        def read(segment: int) -> bool:
            request = {"TotalSegments": LANES, "Segment": segment}
            for page in self._table.read("Scan", request):
                with one_at_a_time:
                    take(page["Items"])
                if not more():
                    return "LastEvaluatedKey" not in page
            return True

        with self._readable():
            return all(side_by_side(read, range(LANES)))

    def rows(self, keys: Sequence[Key]) -> Mapping[Key, Row]:
        """Return the rows of these keys that are there, read consistently; raises TableUnreadable."""

        def read(part: Sequence[Key]) -> Sequence[Row]:
            wanted = {"Keys": [key_row(key) for key in part], "ConsistentRead": True}
            pages = self._table.in_full("BatchGetItem", wanted)
            return [row for page in pages for row in page["Responses"].get(self.name, ())]

        with self._readable():
            parts = side_by_side(read, list(_parts(keys)))
        return {key_of(row): row for rows in parts for row in rows}

    def partition(self, user_id: str) -> Sequence[Row]:
        """Return all rows of a user, read consistently; raises TableUnreadable."""
        request = {
            "KeyConditionExpression": "user_id = :user_id",
            "ExpressionAttributeValues": {":user_id": {"S": user_id}},
            "ConsistentRead": True,
        }
        with self._readable():
            return [row for page in self._table.read("Query", request) for row in page["Items"]]

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """Say of a failure which table it is about."""
        try:
            yield
        except DynamoError as error:
            raise TableUnreadable(f"{self.name} cannot be read: {error.code}.") from error
        except RepositoryUnavailable as error:
            cause = error.__cause__
            why = cause.code if isinstance(cause, DynamoError) else "it leaves keys over"
            raise TableUnreadable(f"{self.name} cannot be read: {why}.") from error


def restored_table(name: str, *, region: str) -> RestoredTable:
    """Return the table of that name in a region; a page may take half a minute, and is asked for ten times.

    A table that was just restored serves few reads at once at first, and throttles more.
    """
    return RestoredTable(name, BotoCall(region=region, connect_seconds=2, read_seconds=30, attempts=10))


def _parts(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """Cut keys, each of which DynamoDB takes once, into requests."""
    unique = iter(dict.fromkeys(keys))
    while part := list(islice(unique, MOST_KEYS)):
        yield part
