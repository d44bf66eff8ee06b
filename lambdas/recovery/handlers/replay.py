"""From a table that was corrupted into the one that was restored: what clients were told in between."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger
from msgspec import to_builtins

from lambdas.recovery.adapters.replay_table import replay
from lambdas.recovery.domain.corruption import Corruption, InvalidCorruption
from lambdas.recovery.settings import region
from lambdas.users.adapters.boto import BotoCall
from lambdas.users.adapters.table import Table

ATTEMPTS = 8  # nobody waits for an answer within a second, and a new table has yet to learn its traffic


class InvalidReplay(ValueError):
    """The event does not name two tables and a corruption or none; the text says what is wrong."""


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Replay the table `from` into the table `to`, in this Region, without what is `corrupt`.

    `corrupt` is null or has a `field` of the profile, and a `pattern`: a regular expression that matches bad
    values of it from end to end. Returns the counts and conflicts of an Outcome; the log has the counts, and
    names nobody. Raises InvalidReplay before anything is written, and RepositoryUnavailable or DynamoError
    where a table does not answer: then it may be called again. Whoever calls it has fenced the tables.
    """
    former, restored, corruption = _asked(event)
    call = BotoCall(region=region(), connect_seconds=1, read_seconds=10, attempts=ATTEMPTS)
    outcome = replay(Table(former, call), Table(restored, call), corruption)
    result: dict[str, Any] = to_builtins(outcome)
    counts = {**result, "conflicts": len(outcome.conflicts)}
    Logger(location=None, utc=True, use_rfc3339=True).info("replay", extra=counts)
    return result


def _asked(event: Mapping[str, Any]) -> tuple[str, str, Corruption | None]:
    """Read an event; a misspelt or a missing `corrupt` is not taken for none."""
    if set(event) != {"from", "to", "corrupt"}:
        raise InvalidReplay(f"The event has {', '.join(sorted(event))}, and not from, to and corrupt.")
    former, restored, corrupt = event["from"], event["to"], event["corrupt"]
    if not (isinstance(former, str) and isinstance(restored, str) and former and restored):
        raise InvalidReplay("from and to are not names of tables.")
    if former == restored:
        raise InvalidReplay("from and to are one table.")
    if corrupt is None:
        return former, restored, None
    try:
        return former, restored, Corruption.of(**corrupt)
    except (TypeError, InvalidCorruption) as error:
        raise InvalidReplay(f"corrupt is not a field and a pattern: {error}") from None
