"""Users and the claims to their emails, put together while both go by in any order."""

from collections.abc import Iterator
from enum import Enum, auto

MOST_OPEN = 1_000_000  # of a few hundred bytes each

Pair = tuple[str, str]


class Side(Enum):
    """Which half of a pair has been seen."""

    USER = auto()
    CLAIM = auto()


class Pairing:
    """Remembers the halves that have no other half yet.

    That are half of the users at the most, since rows come in the order of hashes. It gives up, and remembers
    nothing, once `most_open` halves are alone at once.
    """

    def __init__(self, *, most_open: int = MOST_OPEN) -> None:
        self._most_open = most_open
        self._open: dict[Pair, Side] = {}
        self.gave_up = False

    def add(self, side: Side, email: str, user_id: str) -> None:
        """Put one half to the other, or keep it until that comes."""
        if self.gave_up:
            return
        pair = (email, user_id)
        if self._open.get(pair, side) is not side:
            del self._open[pair]
            return
        self._open[pair] = side
        if len(self._open) > self._most_open:
            self.gave_up = True
            self._open.clear()

    def alone(self) -> Iterator[tuple[Side, Pair]]:
        """Yield the halves that are still alone, each with its email and the user's id."""
        for pair, side in self._open.items():
            yield side, pair

    def __len__(self) -> int:
        return len(self._open)
