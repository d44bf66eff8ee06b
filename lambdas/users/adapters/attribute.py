"""Attributes by which rows are found, and conditions on them."""

from typing import Any

from msgspec import Struct

from lambdas.users.adapters.item import Item, Row
from lambdas.users.domain.page import Bounds


class Attribute(Struct, frozen=True):
    """An attribute by its name and by its type in DynamoDB: N for a number, S for text."""

    name: str
    kind: str

    def value(self, row: Row) -> Any:  # noqa: ANN401  # int or str, by the kind
        """Return what a row has in it."""
        text = row[self.name][self.kind]
        return int(text) if self.kind == "N" else text

    def within(self, bounds: Bounds) -> tuple[str, dict[str, str], Item]:
        """Return a condition on it, and the names and values in that; an empty one where nothing is bound.

        The name is a placeholder, since many words are reserved: `name` and `timestamp` among them.
        """
        sides = {":least": bounds.least, ":most": bounds.most}
        match bounds.least is not None, bounds.most is not None:
            case True, True:
                condition = "#bound BETWEEN :least AND :most"
            case True, False:
                condition = "#bound >= :least"
            case False, True:
                condition = "#bound <= :most"
            case _:
                return "", {}, {}
        values = {side: {self.kind: str(value)} for side, value in sides.items() if value is not None}
        return condition, {"#bound": self.name}, values


def is_empty(bounds: Bounds) -> bool:
    """Tell whether no key is within bounds: DynamoDB refuses such a question instead of answering it.

    Keys are never empty text.
    """
    least, most = bounds.least, bounds.most
    return most == "" or (least is not None and most is not None and not bounds.hold(most))
