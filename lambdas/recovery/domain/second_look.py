"""A second look at single rows: at a sample, and at what seemed wrong when rows went by."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from lambdas.recovery.domain.agreement import disagreement
from lambdas.recovery.domain.census import Census
from lambdas.recovery.domain.finding import Check, Findings
from lambdas.recovery.domain.loss import is_lost
from lambdas.recovery.domain.pairing import Pair, Side
from lambdas.recovery.domain.reading import (
    Claim,
    Current,
    Key,
    Past,
    Row,
    Unreadable,
    claim_key,
    current_key,
    read,
)
from lambdas.recovery.domain.table import ReadsTable

MOST_SUSPECTS = 1000


class SecondLook:
    """The checks that ask for rows by their keys; each method raises TableUnreadable."""

    def __init__(self, table: ReadsTable, findings: Findings, *, now: datetime, retention: timedelta) -> None:
        self._table = table
        self._findings = findings
        self._now = now
        self._retention = retention

    def look(self, census: Census, *, whole: bool) -> None:
        """Make every check; `whole` tells whether the census saw the whole table.

        Of halves without another half, a thousand are read again, and the rest of so many is taken for true.
        """
        suspects = self._disagreeing(census.present.things())
        self._report(Check.RECORDED, self._disagreeing(self._still_there(suspects)).values())
        self._lost([user_id for user_id in census.recorded if user_id not in census.present])
        if whole and not census.pairing.gave_up:
            self._claims(list(islice(census.pairing.alone(), MOST_SUSPECTS)))
            self._findings.add_uncounted(Check.CLAIMS, max(0, len(census.pairing) - MOST_SUSPECTS))
        else:
            self._claims(_sampled(census))

    def _report(self, check: Check, details: Iterable[str]) -> None:
        """Add findings of one check."""
        for detail in details:
            self._findings.add(check, detail)

    def _disagreeing(self, users: Sequence[Current]) -> Mapping[str, str]:
        """Return what is wrong with current rows beside their history rows, by the users' ids."""
        recorded = self._table.rows([(user.user_id, user.version_id) for user in users])
        said = {
            user.user_id: disagreement(
                user,
                recorded.get((user.user_id, user.version_id)),
                now=self._now,
                retention=self._retention,
            )
            for user in users
        }
        return {user_id: wrong for user_id, wrong in said.items() if wrong}

    def _still_there(self, user_ids: Iterable[str]) -> Sequence[Current]:
        """Return the users of these ids as they are now."""
        rows = self._table.rows([current_key(user_id) for user_id in user_ids])
        return [user for row in rows.values() if isinstance(user := _readable(row), Current)]

    def _lost(self, user_ids: Sequence[str]) -> None:
        """Find those who are gone without a deletion: of most of these ids the current row is there."""
        there = self._table.rows([current_key(user_id) for user_id in user_ids])
        for user_id in user_ids:
            if current_key(user_id) in there:
                continue
            said = [_readable(row) for row in self._table.partition(user_id)]
            came_back = any(isinstance(one, Current) for one in said)
            if not came_back and is_lost([one for one in said if isinstance(one, Past)]):
                self._findings.add(Check.LOST, f"{user_id} has a history, no current row and no deletion")

    def _claims(self, suspects: Sequence[tuple[Side, Pair]]) -> None:
        """Look claims and users up, and report those that have no other half."""
        pairs = [pair for _, pair in suspects]
        rows = self._table.rows([key for email, user_id in pairs for key in _halves(email, user_id)])
        for side, (email, user_id) in suspects:
            user, claim = (_readable(rows.get(key)) for key in _halves(email, user_id))
            has_it = isinstance(user, Current) and user.email == email
            owns_it = isinstance(claim, Claim) and claim.owner == user_id
            if side is Side.USER and has_it and not owns_it:
                holder = f"claimed by {claim.owner}" if isinstance(claim, Claim) else "claimed by nobody"
                self._findings.add(Check.CLAIMS, f"{user_id} has an email that is {holder}")
            if side is Side.CLAIM and owns_it and not has_it:
                state = "has another one" if isinstance(user, Current) else "is not there"
                self._findings.add(Check.CLAIMS, f"an email is claimed by {user_id}, who {state}")


def _sampled(census: Census) -> Sequence[tuple[Side, Pair]]:
    """Return the pairs of the sample, from both sides."""
    return [
        *((Side.USER, (user.email, user.user_id)) for user in census.present.things()),
        *((Side.CLAIM, (claim.email, claim.owner)) for claim in census.held.things()),
    ]


def _halves(email: str, user_id: str) -> tuple[Key, Key]:
    """Return the keys of a user's current row and of a claim."""
    return current_key(user_id), claim_key(email)


def _readable(row: Row | None) -> Current | Past | Claim | None:
    """Read a row that may be missing, or be one that was a finding when it went by."""
    try:
        return None if row is None else read(row)
    except Unreadable:
        return None
