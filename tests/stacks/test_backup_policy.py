"""A backup policy that AWS Backup would not carry out is refused here, by a sentence that names the field."""

import dataclasses
import re
from typing import Any

import pytest

from pipeline.config import DEPLOYMENTS
from pipeline.retention import PROD_BACKUPS
from stacks.backup_policy import BackupPolicy, ComplianceLock, GovernanceLock, Retention, backup_tag


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"daily": Retention(days=34)}, "daily.days must be at least lock.least_days, 35, not 34"),
        ({"weekly": Retention(days=1)}, "weekly.days must be at least lock.least_days, 35, not 1"),
        ({"monthly": Retention(days=30)}, "monthly.days must be at least lock.least_days, 35, not 30"),
        ({"lock": GovernanceLock(least_days=91)}, "daily.days must be at least lock.least_days, 91, not 35"),
        ({"least_users": -1}, "least_users must be at least 0, not -1."),
        (
            {"stale_hours": 25},
            "stale_hours must be above 25, since a day is the pace and a backup is begun within 1 h of its "
            "time, not 25.",
        ),
        ({"unproven_days": 7}, "unproven_days must be above 7, since a week is the pace, not 7."),
    ],
)
def test_an_impossible_policy_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        dataclasses.replace(PROD_BACKUPS, **changed)


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: Retention(days=0), "days must be at least 1, not 0."),
        (
            lambda: Retention(days=100, cold_after_days=0),
            "cold_after_days must be at least 1, not 0.",
        ),
        (
            lambda: Retention(days=119, cold_after_days=30),
            "cold_after_days must be at least 90 below days, which is 119, not 30.",
        ),
        (lambda: GovernanceLock(least_days=0), "least_days must be at least 1, not 0."),
        (
            lambda: ComplianceLock(least_days=0, changeable_for_days=3),
            "least_days must be at least 1, not 0.",
        ),
        (
            lambda: ComplianceLock(least_days=1, changeable_for_days=2),
            "changeable_for_days must be at least 3, not 2.",
        ),
    ],
)
def test_an_impossible_part_is_refused(made: Any, message: str) -> None:  # noqa: ANN401 - makes any part
    with pytest.raises(ValueError, match=re.escape(message)):
        made()


def test_the_shortest_times_that_aws_backup_takes_are_accepted() -> None:
    assert Retention(days=91, cold_after_days=1).days == 91
    assert ComplianceLock(least_days=1, changeable_for_days=3).changeable_for_days == 3


def test_each_rule_is_named_by_its_field() -> None:
    fields = {field.name for field in dataclasses.fields(BackupPolicy)}
    assert set(PROD_BACKUPS.rules) <= fields
    assert {name: getattr(PROD_BACKUPS, name) for name in PROD_BACKUPS.rules} == dict(PROD_BACKUPS.rules)


def test_each_deployment_s_tables_have_a_tag_of_their_own() -> None:
    tags = [backup_tag(deployment.service) for deployment in DEPLOYMENTS]
    assert {key for tag in tags for key in tag} == {"Backup"}
    assert len({tag["Backup"] for tag in tags}) == len(DEPLOYMENTS)
