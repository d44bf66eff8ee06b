"""What a table holds, counted and sampled while its rows go by once."""

from collections.abc import Iterable

from lambdas.recovery.domain.finding import Check, Findings
from lambdas.recovery.domain.pairing import Pairing, Side
from lambdas.recovery.domain.reading import Claim, Current, Past, Row, Unreadable, read
from lambdas.recovery.domain.sample import Sample
from lambdas.recovery.domain.schema import Schema


class Census:
    """Counts users and claims, pairs them, finds rows that nobody can read, and samples users.

    `present` is a sample of current rows and `held` one of claims; `recorded` holds the ids of users who have
    a version that is no deletion. Each has up to `sample` of them, and with the pairing that bounds memory.
    """

    def __init__(self, schema: Schema, findings: Findings, *, sample: int, pairing: Pairing) -> None:
        self._schema = schema
        self._findings = findings
        self.pairing = pairing
        self.users = 0
        self.claims = 0
        self.present: Sample[Current] = Sample(sample)
        self.held: Sample[Claim] = Sample(sample)
        self.recorded: Sample[None] = Sample(sample)

    def take(self, rows: Iterable[Row]) -> None:
        """Count rows, each of which comes once in all."""
        for row in rows:
            try:
                said = read(row)
            except Unreadable as why:
                self._findings.add(Check.ROWS, str(why))
                continue
            match said:
                case Current():
                    self._count_user(said)
                case Claim():
                    self._count_claim(said)
                case Past(deletes=False):
                    self.recorded.offer(said.user_id, None)

    def _count_user(self, user: Current) -> None:
        """Count a user, whom every index must have."""
        self.users += 1
        self.present.offer(user.user_id, user)
        self.pairing.add(Side.USER, user.email, user.user_id)
        if missing := self._schema.unindexed(user.row):
            self._findings.add(Check.INDEXED, f"{user.user_id} is not in {', '.join(missing)}")

    def _count_claim(self, claim: Claim) -> None:
        """Count a claim; it is sampled by its email, since an owner may have one too many."""
        self.claims += 1
        self.held.offer(claim.email, claim)
        self.pairing.add(Side.CLAIM, claim.email, claim.owner)
