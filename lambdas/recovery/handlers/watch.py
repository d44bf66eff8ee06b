"""Measures the backups of one region, and clears away what restore tests left."""

from collections.abc import Mapping

from lambdas.recovery import bootstrap
from lambdas.recovery.adapters.backup import BackupRefused
from lambdas.users.adapters.call import DynamoError


class MeasuresMissing(Exception):
    """Some measures could not be taken; the text names them."""


def handler(_event: object, _context: object) -> Mapping[str, float]:
    """Publish every measure that can be taken, and return them by the names of their metrics.

    A measure that fails keeps no other from being taken; after all of them, raises MeasuresMissing, so that
    the call counts as failed.
    """
    watch = bootstrap.watch()
    taken: dict[str, float] = {}
    failed: dict[str, str] = {}
    for name, take in watch.all().items():
        try:
            value = take()
        except (BackupRefused, DynamoError) as why:
            failed[name] = str(why)
        else:
            taken.update({} if value is None else {name: value})
    facts = {"cleared": watch.cleared, "protected": watch.protected, "standing": watch.standing}
    bootstrap.gauges().publish("watch", taken, **facts, failed=failed)
    if failed:
        raise MeasuresMissing(", ".join(failed))
    return taken
