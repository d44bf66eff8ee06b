"""AWS Backup: pages are read to their end, and only what counts is counted."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from lambdas.recovery.adapters.backup import Backup, BackupRefused, backup
from tests.lambdas.conftest import NOON
from tests.lambdas.recovery.vault import ELSEWHERE, Vault, job, point

PLAN = "arn:aws:backup:eu-west-1:111122223333:restore-testing-plan:users-1"


def newest(*points: Mapping[str, Any], **options: Any) -> timedelta | None:  # noqa: ANN401 - a size
    when = Backup(Vault(points=points, **options)).newest_recovery_point("users-vault", table="users")
    return None if when is None else NOON - when


def validated(*jobs: Mapping[str, Any], **options: Any) -> timedelta | None:  # noqa: ANN401 - a size
    when = Backup(Vault(jobs=jobs, **options)).newest_validation(PLAN)
    return None if when is None else NOON - when


class TestRecoveryPoints:
    def test_the_newest_one_counts_wherever_it_is(self) -> None:
        assert newest(point(50), point(3), point(27)) == timedelta(hours=3)

    @pytest.mark.parametrize("place", range(5))
    def test_it_is_found_on_every_page(self, place: int) -> None:
        points: list[Mapping[str, Any]] = [point(50)] * 5
        points[place] = point(3)
        assert newest(*points, size=2) == timedelta(hours=3)

    @pytest.mark.parametrize("status", ["PARTIAL", "CREATING", "EXPIRED", "DELETING", "STOPPED"])
    def test_one_that_is_not_finished_does_not_count(self, status: str) -> None:
        assert newest(point(30), point(1, Status=status)) == timedelta(hours=30)

    def test_one_of_another_table_does_not_count(self) -> None:
        assert newest(
            point(30), point(1, ResourceArn=ELSEWHERE.replace("users", "users-restored"))
        ) == timedelta(hours=30)

    def test_a_copy_from_another_region_counts_for_the_table_of_that_name(self) -> None:
        assert newest(point(5, ResourceArn=ELSEWHERE)) == timedelta(hours=5)

    def test_no_recovery_point_at_all_has_no_age(self) -> None:
        assert newest() is None

    def test_the_vault_is_asked_for_tables_alone(self) -> None:
        vault = Vault(points=[point(1)] * 3, size=1)
        Backup(vault).newest_recovery_point("users-vault", table="users")
        assert vault.asked == [
            {"BackupVaultName": "users-vault", "ByResourceType": "DynamoDB", **token}
            for token in ({}, {"NextToken": "1"}, {"NextToken": "2"})
        ]


class TestValidations:
    def test_the_newest_one_counts_by_when_it_ended(self) -> None:
        assert validated(job(200), job(10, ended=9), job(50), size=1) == timedelta(hours=9)

    @pytest.mark.parametrize("status", ["FAILED", "TIMED_OUT", "VALIDATING", None])
    def test_one_that_did_not_succeed_does_not_count(self, status: str | None) -> None:
        other = {name: value for name, value in job(1).items() if name != "ValidationStatus"}
        assert validated(job(170), other | ({"ValidationStatus": status} if status else {})) == timedelta(
            hours=169
        )

    def test_no_restore_test_yet_has_no_time(self) -> None:
        assert validated() is None

    def test_the_plan_is_asked_for(self) -> None:
        vault = Vault()
        Backup(vault).newest_validation(PLAN)
        assert vault.asked == [{"ByRestoreTestingPlanArn": PLAN}]


class TestOptIn:
    @pytest.mark.parametrize(
        ("opted", "managed", "both"),
        [
            ({"DynamoDB": True}, {"DynamoDB": True}, True),
            ({"DynamoDB": True}, {"DynamoDB": False}, False),
            ({"DynamoDB": False}, {"DynamoDB": True}, False),
            ({"DynamoDB": True}, {"EFS": True}, False),
            ({}, {}, False),
        ],
    )
    def test_both_settings_must_say_so(
        self, opted: dict[str, bool], managed: dict[str, bool], both: bool
    ) -> None:
        assert Backup(Vault(opted=opted, managed=managed)).opted_in() is both

    def test_to_opt_in_leaves_the_other_types_as_they_are(self) -> None:
        vault = Vault(opted={"S3": False, "EC2": True, "DynamoDB": False}, managed={"EFS": True})
        Backup(vault).opt_in()
        assert vault.updates == [
            {
                "ResourceTypeOptInPreference": {"S3": False, "EC2": True, "DynamoDB": True},
                "ResourceTypeManagementPreference": {"EFS": True, "DynamoDB": True},
            }
        ]
        assert Backup(vault).opted_in()

    def test_nothing_is_changed_where_it_is_so_already(self) -> None:
        vault = Vault()
        Backup(vault).opt_in()
        assert vault.updates == []


class TestResult:
    def test_a_result_is_told_for_its_job(self) -> None:
        vault = Vault()
        Backup(vault).tell("job", status="FAILED", message="users: 0 users")
        assert vault.results == [
            {
                "RestoreJobId": "job",
                "ValidationStatus": "FAILED",
                "ValidationStatusMessage": "users: 0 users",
            }
        ]

    def test_a_long_message_is_cut(self) -> None:
        vault = Vault()
        Backup(vault).tell("job", status="FAILED", message="x" * 5000)
        assert vault.results[0]["ValidationStatusMessage"] == "x" * 1000


@pytest.mark.parametrize(
    ("failure", "says"),
    [
        (
            ClientError({"Error": {"Code": "AccessDeniedException"}}, "ListRestoreJobs"),
            "ListRestoreJobs: AccessDeniedException",
        ),
        (EndpointConnectionError(endpoint_url="https://backup"), "no answer: EndpointConnectionError"),
    ],
)
def test_a_refusal_says_what_and_why(failure: Exception, says: str) -> None:
    asks: Sequence[Any] = (
        lambda backup: backup.tell("job", status="FAILED", message=""),
        lambda backup: backup.newest_recovery_point("vault", table="users"),
        lambda backup: backup.newest_validation(PLAN),
        lambda backup: backup.opted_in(),
        lambda backup: backup.opt_in(),
    )
    for ask in asks:
        with pytest.raises(BackupRefused, match=f"^{says}$"):
            ask(Backup(Vault(failure=failure)))


def test_the_client_has_every_method_that_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    client = backup("eu-west-1")._client
    methods = [name for name in vars(Vault) if name.startswith(("put_", "list_", "describe_", "update_"))]
    assert len(methods) == 5
    assert all(callable(getattr(client, name)) for name in methods)
