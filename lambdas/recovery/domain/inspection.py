"""Whether a table is fit to serve users, found out by reading it once and looking at a sample again.

In whole: the key schema and the indexes; how many users there are; that every row can be read, and every
current row is in every index, in the shard that its id has; that neither current rows nor claims are to
expire; that users and claims are one to one. By a sample, of which the users' hashes decide, or of everybody
where there are no more: that current rows agree with their history rows, and that nobody with a history is
gone without a deletion. Where the reading takes too long, or too many pairs are open at once, the claims of
the sample are looked up instead. A table that was not read to its end is never sound, since nobody knows what
the rest of it holds: the message says how far it came. In the time of one call some ten million rows can be
read, and the claims of two million users paired.

The table may be written to meanwhile: what seems wrong by the reading, which is not of one moment, is read
again, consistently, before it is a finding.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from lambdas.recovery.domain.census import Census
from lambdas.recovery.domain.finding import Check, Finding, Findings
from lambdas.recovery.domain.pairing import MOST_OPEN, Pairing
from lambdas.recovery.domain.schema import Schema, differences, keys_of
from lambdas.recovery.domain.second_look import SecondLook
from lambdas.recovery.domain.table import ReadsTable, TableUnreadable

SUCCESSFUL, FAILED = "SUCCESSFUL", "FAILED"


class Expectation(Struct, frozen=True, kw_only=True):
    """What a table must be: `retention` is the shortest that any of its history rows was written with."""

    schema: Schema
    least_users: int
    sample: int
    retention: timedelta
    most_open: int = MOST_OPEN


class Inspection(Struct, frozen=True, kw_only=True):
    """What was found in a table: counts, and of the findings some of each kind."""

    table: str
    findings: Sequence[Finding]
    wrong: int
    message: str
    users: int = 0
    sampled: int = 0
    claims: int = 0

    @property
    def status(self) -> str:
        """Whether nothing is wrong, as AWS Backup says it."""
        return FAILED if self.wrong else SUCCESSFUL

    def as_result(self) -> dict[str, Any]:
        """Return it as whoever calls the function is given it."""
        return {
            "table": self.table,
            "status": self.status,
            "message": self.message,
            "findings": msgspec.to_builtins(self.findings),
            "users": self.users,
            "sampled": self.sampled,
            "claims": self.claims,
        }


def inspect(
    table: ReadsTable, expected: Expectation, *, now: datetime, more: Callable[[], bool]
) -> Inspection:
    """Return what is wrong with a table; `more` tells whether there is time to read on, and `now` is aware.

    A table that cannot be read is a finding too.
    """
    findings = Findings()
    pairing = Pairing(most_open=expected.most_open)
    census = Census(expected.schema, findings, sample=expected.sample, pairing=pairing)
    whole = False
    try:
        if _has_keys(table, expected.schema, findings):
            whole = table.scan(census.take, more=more)
            _count(census, expected, findings, whole=whole)
            if not whole:
                findings.add(Check.READ, f"not read to its end, but as far as {_seen(census)}")
            SecondLook(table, findings, now=now, retention=expected.retention).look(census, whole=whole)
    except TableUnreadable as why:
        findings.add(Check.READ, str(why))
    return Inspection(
        table=table.name,
        findings=findings.kept(),
        wrong=findings.total,
        message=_message(table.name, census, findings, whole=whole),
        users=census.users,
        sampled=len(census.present),
        claims=census.claims,
    )


def refused(table: str, why: str) -> Inspection:
    """Return the inspection of what could not be inspected at all."""
    return Inspection(table=table, findings=[Finding(check=Check.READ, detail=why)], wrong=1, message=why)


def _has_keys(table: ReadsTable, expected: Schema, findings: Findings) -> bool:
    """Compare the schema, and tell whether rows can be asked for by their keys."""
    description = table.description()
    for difference in differences(expected, description):
        findings.add(Check.SCHEMA, difference)
    return keys_of(description) == list(expected.keys)


def _count(census: Census, expected: Expectation, findings: Findings, *, whole: bool) -> None:
    """Compare the number of users with the least that there must be."""
    if census.users < expected.least_users:
        read_so_far = "" if whole else " in what could be read in time"
        findings.add(
            Check.USERS, f"{census.users} users{read_so_far}, and not {expected.least_users} or more"
        )


def _message(name: str, census: Census, findings: Findings, *, whole: bool) -> str:
    """Say how it went in one sentence or two, without naming anybody."""
    went = f"{findings.total} findings ({findings.summary()})" if findings.total else "nothing is wrong"
    seen = f"{_seen(census)} were read, {len(census.present)} users compared"
    limits = "" if whole and not census.pairing.gave_up else " Claims were looked up for the sample alone."
    unfinished = "" if whole else " The table was not read to its end."
    return f"{name}: {went}; {seen}.{limits}{unfinished}"


def _seen(census: Census) -> str:
    """Say how much was read."""
    return f"{census.users} users and {census.claims} claims"
