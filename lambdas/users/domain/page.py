"""Users in an order, a page at a time."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")


class Order(StrEnum):
    """What users can be listed by; ties are ordered by id, so that every user has one place."""

    AGE = "age"
    CREATED = "created_at"
    NAME = "name_key"


class Position(Struct, frozen=True):
    """A place in an order: just after the user with this value and id. It means the same in every region."""

    value: int | str
    user_id: str


class Bounds(Struct, frozen=True, kw_only=True):
    """The values that a listing is kept to, both included; None leaves a side open."""

    least: int | str | None = None
    most: int | str | None = None

    def hold(self, value: Any) -> bool:  # noqa: ANN401  # of the type of the bounds, which only the order knows
        """Tell whether a value is within."""
        return (self.least is None or self.least <= value) and (self.most is None or value <= self.most)


class Page(Struct, Generic[T], frozen=True, kw_only=True):
    """Items in their order, where to go on (None at the end), and how many rows were read to find them."""

    items: Sequence[T]
    after: Position | None = None
    scanned: int = 0
