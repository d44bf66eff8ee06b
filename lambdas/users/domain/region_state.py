"""Whether a region takes writes, and where that is written down."""

from enum import Enum
from typing import Protocol


class RegionState(Enum):
    """What a region does with writes; reads go on in either state."""

    ACTIVE = "active"
    FENCED = "fenced"


class RegionRegister(Protocol):
    """Where the state of this region is kept: an operator writes it, and the region obeys."""

    def state(self) -> RegionState:
        """Return the state as of the last change that this region accepted, ACTIVE where there was none.

        Raises RepositoryUnavailable.
        """
