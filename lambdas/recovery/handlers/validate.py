"""Says whether a restored table is fit to serve users: to AWS Backup, or to whoever asks."""

from collections.abc import Mapping
from typing import Any

from lambdas.recovery import bootstrap
from lambdas.recovery.domain.arn import table_of
from lambdas.recovery.domain.inspection import Inspection, refused
from lambdas.recovery.domain.restore_test import RestoreTest, restore_test_of
from lambdas.recovery.validator import reading_seconds
from lambdas.users.settings import InvalidSettings


def handler(event: Mapping[str, Any], context: object) -> Mapping[str, Any] | None:
    """Validate the table that an event names, or that a restore test made; ignore everything else.

    By hand: `{"table": name, "least_users": number}`, the number as the environment has it where it is
    absent. For a restore test AWS Backup is told, whatever happens, and how it went is measured. Findings,
    which name users, are in the result alone, and not in the log: to learn them after a restore test, restore
    its recovery point again, and validate that table by hand.
    """
    if "table" in event:
        return _inspected(str(event["table"]), event.get("least_users"), context).as_result()
    test = restore_test_of(event)
    return None if test is None else _tested(test, context).as_result()


def _tested(test: RestoreTest, context: object) -> Inspection:
    """Inspect what a restore test made, and tell AWS Backup and the metrics."""
    table = table_of(test.created)
    if table is None:
        found = refused(test.created, "The restore job does not say which table it made.")
    else:
        found = _inspected(table, None, context)
    counts = {"ValidationFindings": found.wrong, "ValidatedUsers": found.users}
    try:
        bootstrap.backup().tell(test.job_id, status=found.status, message=found.message)
    finally:
        failed = {"ValidationFailed": int(found.wrong > 0)}
        bootstrap.gauges().publish("restore test", {**failed, **counts}, outcome=found.message)
    return found


def _inspected(table: str, least_users: object, context: object) -> Inspection:
    """Inspect a table; an accident is a finding, since nobody would hear of an exception for a week."""
    try:
        seconds = reading_seconds(context)
        return bootstrap.validator().validate(table, least_users=least_users, seconds=seconds)
    except InvalidSettings as why:
        return refused(table, str(why))
    except Exception as accident:
        bootstrap.gauges().accident("validator", accident)
        return refused(table, f"The validator failed by {type(accident).__name__}.")
