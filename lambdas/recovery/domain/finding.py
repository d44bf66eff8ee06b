"""What is wrong with a table, by the check that found it."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

MOST_DETAILS = 20


class Check(StrEnum):
    """What is looked at: see `lambdas.recovery.domain.inspection`."""

    READ = "read"
    SCHEMA = "schema"
    USERS = "users"
    ROWS = "rows"
    INDEXED = "indexed"
    RECORDED = "recorded"
    LOST = "lost"
    CLAIMS = "claims"


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that is wrong; `detail` names users by their ids, and never says more about them."""

    check: Check
    detail: str


class Findings:
    """Counts everything that is wrong, and keeps the first twenty details of each check."""

    def __init__(self) -> None:
        self._counts: Counter[Check] = Counter()
        self._kept: list[Finding] = []

    def add(self, check: Check, detail: str) -> None:
        """Count one thing, and keep it while there is room."""
        self._counts[check] += 1
        if self._counts[check] <= MOST_DETAILS:
            self._kept.append(Finding(check=check, detail=detail))

    def add_uncounted(self, check: Check, number: int) -> None:
        """Count so many things that nobody looked at one by one."""
        if number:
            self._counts[check] += number

    @property
    def total(self) -> int:
        """How many things are wrong."""
        return self._counts.total()

    def kept(self) -> Sequence[Finding]:
        """Return what was kept, and a last finding for each check that found more."""
        shown = Counter(finding.check for finding in self._kept)
        more = {check: count - shown[check] for check, count in self._counts.items()}
        return [
            *self._kept,
            *(Finding(check=check, detail=f"and {left} more") for check, left in more.items() if left > 0),
        ]

    def summary(self) -> str:
        """Say how many things each check found, and nothing of whom: `claims: 2, users: 1`."""
        return ", ".join(f"{check}: {count}" for check, count in sorted(self._counts.items()))
