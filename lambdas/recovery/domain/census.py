"""What a table holds, counted and sampled while its rows go by once."""

from collections.abc import Iterable

from lambdas.recovery.domain.finding import Check, Findings
from lambdas.recovery.domain.pairing import Pairing, Side
from lambdas.recovery.domain.reading import Claim, Current, Past, Row, Unreadable, expires, is_misplaced, read
from lambdas.recovery.domain.sample import Sample
from lambdas.recovery.domain.schema import Schema


class Census:
    """Counts users and claims, pairs them, finds rows that cannot stay or be read, and samples users.

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
                    self._count_claim(said, expires=expires(row))
                case Past(deletes=False):
                    self.recorded.offer(said.user_id, None)

    def _count_user(self, user: Current) -> None:
        """Count a user, whom every index must have."""
        self.users += 1
        self.present.offer(user.user_id, user)
        self.pairing.add(Side.USER, user.email, user.user_id)
        if missing := self._schema.unindexed(user.row):
            self._findings.add(Check.INDEXED, f"{user.user_id} is not in {', '.join(missing)}")
        if is_misplaced(user.row):
            self._findings.add(Check.INDEXED, f"{user.user_id} is in the shard of other ids")
        if expires(user.row):
            self._findings.add(Check.ROWS, f"the current row of {user.user_id} is to expire")

    def _count_claim(self, claim: Claim, *, expires: bool) -> None:
        """Count a claim, which stays while its owner does.

        It is sampled by its email, since an owner may have one too many.
        """
        self.claims += 1
        self.held.offer(claim.email, claim)
        self.pairing.add(Side.CLAIM, claim.email, claim.owner)
        if expires:
            self._findings.add(Check.ROWS, f"the claim of {claim.owner} to an email is to expire")
