"""Log groups: each period that CloudWatch Logs has can be chosen, and is the one that is set."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_logs as logs

from stacks.constructs.expiring_log_group import ExpiringLogGroup
from stacks.sizing import LOG_RETENTION, LogPolicy
from tests.stacks import assembly as assemblies


def test_every_period_is_set_in_days(tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path), analytics_reporting=False)
    stack = cdk.Stack(app, "Alone", env=cdk.Environment(account="111111111111", region="eu-west-1"))
    for days in LOG_RETENTION:
        ExpiringLogGroup(stack, f"Kept{days}", policy=LogPolicy(retention_days=days, retain=False))
    app.synth()
    groups = assemblies.read(tmp_path).stacks["Alone"].of_type("AWS::Logs::LogGroup").values()
    assert [each["Properties"]["RetentionInDays"] for each in groups] == list(LOG_RETENTION)


def test_no_period_of_cloudwatch_logs_is_left_out() -> None:
    for_ever = logs.RetentionDays.INFINITE.name
    assert set(LOG_RETENTION.values()) == {each.name for each in logs.RetentionDays} - {for_ever}
