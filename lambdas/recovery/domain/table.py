"""The table that is looked at, as the checks ask for it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from lambdas.recovery.domain.reading import Key, Row


class TableUnreadable(Exception):
    """A table cannot be read; the text says which and why."""


class ReadsTable(Protocol):
    """A table that is looked at; each method raises TableUnreadable."""

    @property
    def name(self) -> str:
        """Return its name."""

    def description(self) -> Mapping[str, Any]:
        """Return what DescribeTable says of it."""

    def scan(self, take: Callable[[Iterable[Row]], None], *, more: Callable[[], bool]) -> bool:
        """Hand over every row, page by page, as long as there may be more; tell whether that was all."""

    def rows(self, keys: Sequence[Key]) -> Mapping[Key, Row]:
        """Return those rows that are there, as they are now."""

    def partition(self, user_id: str) -> Sequence[Row]:
        """Return all rows of a user, as they are now."""
