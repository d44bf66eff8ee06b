"""The composition root: what the handlers of a process look at, and with what."""

from functools import cache, partial

from lambdas.recovery.adapters.backup import Backup
from lambdas.recovery.adapters.backup import backup as backup_in
from lambdas.recovery.adapters.restored_table import restored_table
from lambdas.recovery.adapters.standing_tables import standing_tables
from lambdas.recovery.domain.inspection import Expectation
from lambdas.recovery.measures import Measures
from lambdas.recovery.settings import ValidatorSettings, WatchSettings, region
from lambdas.recovery.telemetry import Gauges
from lambdas.recovery.telemetry import gauges as gauges_of
from lambdas.recovery.validator import Validator


@cache
def validator() -> Validator:
    """Return the validator that the environment describes; raises InvalidSettings."""
    settings = ValidatorSettings.from_environment()
    expectation = Expectation(
        schema=settings.schema,
        least_users=settings.least_users,
        sample=settings.sample,
        retention=settings.history_retention,
    )
    return Validator(expectation=expectation, table=partial(restored_table, region=settings.region))


def watch() -> Measures:
    """Return the measures that the environment describes, new for each call; raises InvalidSettings."""
    settings = WatchSettings.from_environment()
    return Measures(settings=settings, backup=backup(), tables=standing_tables(settings.region))


@cache
def backup() -> Backup:
    """Return AWS Backup in the region of the process; raises InvalidSettings."""
    return backup_in(region())


@cache
def gauges() -> Gauges:
    """Return the log of the process."""
    return gauges_of()
