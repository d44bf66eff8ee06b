"""A deployment that AWS would refuse is refused here, by a sentence that names the field."""

import dataclasses
import re
import subprocess
import sys

import pytest

from pipeline.config import BETA, DEPLOYMENTS, LOCAL, LOCALPROD, PROD, Deployment
from stacks.backup_policy import ComplianceLock


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "Prod", "name must be lower-case letters and digits, not 'Prod'."),
        ("account", "12345678901", "account must be 12 digits, not '12345678901'."),
        ("account", "1234-5678-90", "account must be 12 digits"),
        ("account", "", "account must be 12 digits, not ''."),
        ("account", None, "account must be 12 digits, not None."),
        ("account", "None", "account must be 12 digits, not 'None'."),
        ("primary_region", "", "primary_region must be a Region such as eu-west-1, not ''."),
        ("primary_region", None, "primary_region must be a Region such as eu-west-1, not None."),
        ("primary_region", "europe", "primary_region must be a Region such as eu-west-1, not 'europe'."),
        ("secondary_region", "eu-central", "secondary_region must be a Region such as eu-central-1"),
        (
            "secondary_region",
            PROD.primary_region,
            "secondary_region must not be the primary_region, eu-west-1.",
        ),
        (
            "secondary_region",
            "cn-north-1",
            "secondary_region must be in the partition of the primary_region, aws, and cn-north-1 is in "
            "aws-cn: nothing replicates between the two.",
        ),
        (
            "secondary_region",
            "us-gov-west-1",
            "secondary_region must be in the partition of the primary_region, aws, and us-gov-west-1 is in "
            "aws-us-gov: nothing replicates between the two.",
        ),
        ("table_name", None, "table_name must be a DynamoDB table name, not None."),
        ("table_name", "users table", "table_name must be a DynamoDB table name, not 'users table'."),
        (
            "former_tables",
            ["users prod"],
            "former_tables must be names of DynamoDB tables, not 'users prod'.",
        ),
        ("former_tables", "users-old", "former_tables must be names of DynamoDB tables, not 'u'."),
        (
            "former_tables",
            ["users-prod-restored", "users-prod-restored"],
            "former_tables and table_name must differ, not users-prod-restored, users-prod-restored, users-",
        ),
        (
            "former_tables",
            ["users-prod"],
            "former_tables and table_name must differ, not users-prod, users-prod.",
        ),
        (
            "former_tables",
            ["users-old"],
            "former_tables and table_name must be users-prod or begin with users-prod-restored, not "
            "'users-old': nothing may recover a table of another name.",
        ),
        ("table_name", "users-prod-2", "users-prod or begin with users-prod-restored, not 'users-prod-2'"),
        ("table_name", "users-beta", "users-prod or begin with users-prod-restored, not 'users-beta'"),
        ("history_retention_days", 0, "history_retention_days must be at least 1, not 0."),
        (
            "least_history_days",
            366,
            "least_history_days must be from 1 to history_retention_days, 365, not 366.",
        ),
        ("least_history_days", 0, "least_history_days must be from 1 to history_retention_days, 365, not 0."),
    ],
)
def test_an_impossible_deployment_is_refused(field: str, value: object, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        dataclasses.replace(PROD, **{field: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("deployment", [BETA, LOCAL, LOCALPROD], ids=lambda each: str(each.name))
def test_backups_are_locked_for_good_in_prod_alone(deployment: Deployment) -> None:
    lock = ComplianceLock(least_days=1, changeable_for_days=3)
    assert (
        dataclasses.replace(PROD, backups=dataclasses.replace(PROD.backups, lock=lock)).backups.lock == lock
    )
    message = "backups.lock can be a ComplianceLock, which is final, in prod alone, not in "
    with pytest.raises(ValueError, match=re.escape(f"{message}{deployment.name}.")):
        dataclasses.replace(deployment, backups=dataclasses.replace(deployment.backups, lock=lock))


@pytest.mark.parametrize(
    ("primary", "secondary"),
    [
        ("eu-west-1", "ap-southeast-2"),
        ("us-east-1", "mx-central-1"),
        ("cn-north-1", "cn-northwest-1"),
        ("us-gov-west-1", "us-gov-east-1"),
    ],
)
def test_a_region_of_any_partition_is_accepted(primary: str, secondary: str) -> None:
    deployment = dataclasses.replace(PROD, primary_region=primary, secondary_region=secondary)
    assert (deployment.primary_region, deployment.secondary_region) == (primary, secondary)


def test_what_a_service_is_named_by_is_its_deployment() -> None:
    assert [deployment.service for deployment in DEPLOYMENTS] == [
        "users-beta",
        "users-prod",
        "users-local",
        "users-localprod",
    ]


def test_a_deployment_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        PROD.account = "333333333333"  # type: ignore[misc]


def test_deployments_share_no_name() -> None:
    for names in (
        [deployment.name for deployment in DEPLOYMENTS],
        [table for deployment in DEPLOYMENTS for table in deployment.tables],
    ):
        assert len(set(names)) == len(names)


def test_the_table_that_serves_is_the_last_of_all() -> None:
    restored = dataclasses.replace(PROD, table_name="users-prod-restored", former_tables=["users-prod"])
    assert restored.tables == ["users-prod", "users-prod-restored"]


def test_versions_were_never_kept_for_less_than_now_unless_that_is_said() -> None:
    assert PROD.shortest_history_days == PROD.history_retention_days
    assert dataclasses.replace(PROD, least_history_days=30).shortest_history_days == 30


def test_local_runs_on_this_machine() -> None:
    assert LOCAL.functions.target.runs_our_bytecode
    assert LOCAL.functions.target.wheels is None


def test_localprod_is_in_the_same_place_and_is_never_drilled() -> None:
    places = {(each.account, each.primary_region, each.secondary_region) for each in (LOCAL, LOCALPROD)}
    assert len(places) == 1
    assert (LOCAL.drills is not None, LOCALPROD.drills) == (True, None)


def test_aws_runs_python_3_14_on_arm() -> None:
    assert {
        (each.functions.target.python_version, each.functions.target.machine) for each in (BETA, PROD)
    } == {("3.14", "arm64")}


def test_reading_the_configuration_starts_no_cdk() -> None:
    code = "import pipeline.config, sys; sys.exit('aws_cdk' in sys.modules or 'jsii' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - the line above
