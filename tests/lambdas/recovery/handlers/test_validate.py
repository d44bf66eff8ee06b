"""Whatever happens, somebody is told: AWS Backup of a restore test, and whoever calls by hand."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambdas.recovery import bootstrap
from lambdas.recovery.adapters.backup import Backup, BackupRefused
from lambdas.recovery.domain.inspection import Expectation
from lambdas.recovery.domain.schema import schema_of
from lambdas.recovery.domain.table import TableUnreadable
from lambdas.recovery.handlers.validate import handler
from lambdas.recovery.validator import Validator
from lambdas.users.settings import InvalidSettings
from tests.lambdas.recovery.restoring import Context, event
from tests.lambdas.recovery.shelf import RETENTION, SCHEMA, Shelf, lived
from tests.lambdas.recovery.vault import Vault

Lines = Callable[[], list[dict[str, Any]]]
RESTORED = "awsbackup-restore-test-1"


@pytest.fixture
def shelf() -> Shelf:
    return lived()


@pytest.fixture
def vault() -> Vault:
    return Vault()


@pytest.fixture
def asked() -> list[str]:
    """The names of the tables that were asked for."""
    return []


@pytest.fixture(autouse=True)
def wired(
    shelf: Shelf, vault: Vault, asked: list[str], printed: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def table(name: str) -> Shelf:
        asked.append(name)
        shelf.name = name
        return shelf

    expectation = Expectation(
        schema=schema_of(SCHEMA), least_users=30, sample=1000, retention=200 * 365 * RETENTION
    )
    validator = Validator(expectation=expectation, table=table)
    monkeypatch.setattr(bootstrap, "validator", lambda: validator)
    monkeypatch.setattr(bootstrap, "backup", lambda: Backup(vault))
    assert printed() == []


class TestByHand:
    def test_a_table_is_validated_by_its_name(self, asked: list[str]) -> None:
        assert handler({"table": "users-restored"}, Context()) == {
            "table": "users-restored",
            "status": "SUCCESSFUL",
            "message": "users-restored: nothing is wrong; "
            "30 users and 30 claims were read, 30 users compared.",
            "findings": [],
            "users": 30,
            "sampled": 30,
            "claims": 30,
        }
        assert asked == ["users-restored"]

    def test_the_least_number_of_users_may_be_told(self) -> None:
        assert _status({"table": "users-restored", "least_users": 31}) == "FAILED"
        assert _status({"table": "users-restored", "least_users": 0}) == "SUCCESSFUL"

    @pytest.mark.parametrize("least", ["31", 3.5, [], True])
    def test_a_least_number_that_is_none_is_refused(self, least: object) -> None:
        answer = handler({"table": "users-restored", "least_users": least}, Context())
        assert answer is not None
        assert (answer["status"], answer["message"]) == ("FAILED", "least_users is not a whole number.")

    def test_the_result_names_what_is_wrong_and_is_json(self, shelf: Shelf) -> None:
        shelf.drop("EMAIL#user-1@example.com", "CLAIM")
        answer = json.loads(json.dumps(handler({"table": "users-restored"}, Context())))
        assert answer["findings"] == [
            {"check": "claims", "detail": "user-1 has an email that is claimed by nobody"}
        ]

    def test_nobody_else_is_told(self, vault: Vault, printed: Lines) -> None:
        handler({"table": "users-restored", "least_users": 31}, Context())
        assert (vault.results, printed()) == ([], [])


class TestRestoreTest:
    def test_a_table_that_is_right_is_told(self, vault: Vault, asked: list[str], printed: Lines) -> None:
        handler(event(), Context())
        assert asked == [RESTORED]
        (result,) = vault.results
        assert (result["RestoreJobId"], result["ValidationStatus"]) == ("job", "SUCCESSFUL")
        assert _metrics(printed) == {"ValidationFailed": 0, "ValidationFindings": 0, "ValidatedUsers": 30}

    def test_a_table_that_is_wrong_is_told_without_naming_anybody(
        self, vault: Vault, shelf: Shelf, printed: Lines
    ) -> None:
        shelf.drop("EMAIL#user-1@example.com", "CLAIM")
        shelf.drop("user-3")
        handler(event(), Context())
        (result,) = vault.results
        assert result["ValidationStatus"] == "FAILED"
        assert "4 findings (claims: 2, lost: 1, users: 1)" in result["ValidationStatusMessage"]
        assert _metrics(printed) == {"ValidationFailed": 1, "ValidationFindings": 4, "ValidatedUsers": 29}
        assert "user-" not in json.dumps([*printed(), result])

    @pytest.mark.parametrize("other", [{}, {"source": "aws.events"}, event({"status": "FAILED"})])
    def test_everything_else_is_ignored(
        self, other: dict[str, Any], vault: Vault, asked: list[str], printed: Lines
    ) -> None:
        assert handler(other, Context()) is None
        assert (vault.results, asked, printed()) == ([], [], [])

    def test_a_job_that_says_not_what_it_made_failed(self, vault: Vault, asked: list[str]) -> None:
        handler(event({"createdResourceArn": "arn:aws:s3:::bucket"}), Context())
        (result,) = vault.results
        assert result["ValidationStatusMessage"] == "The restore job does not say which table it made."
        assert result["ValidationStatus"] == "FAILED"
        assert asked == []

    def test_a_table_that_cannot_be_read_failed(
        self, vault: Vault, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, printed: Lines
    ) -> None:
        _fails(monkeypatch, shelf, TableUnreadable(f"{RESTORED} cannot be read: ResourceNotFoundException."))
        answer = handler(event(), Context())
        assert answer is not None
        assert answer["findings"] == [
            {"check": "read", "detail": f"{RESTORED} cannot be read: ResourceNotFoundException."}
        ]
        (result,) = vault.results
        assert result["ValidationStatus"] == "FAILED"
        assert _metrics(printed)["ValidationFailed"] == 1

    def test_a_mistake_in_the_validator_failed_and_is_logged_without_its_text(
        self, vault: Vault, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, printed: Lines
    ) -> None:
        _fails(monkeypatch, shelf, KeyError("ada@example.com"))
        handler(event(), Context())
        (result,) = vault.results
        assert result["ValidationStatusMessage"] == "The validator failed by KeyError."
        assert printed()[0]["type"] == "KeyError"
        assert "ada@example.com" not in json.dumps(printed())

    def test_an_environment_that_lacks_something_failed(
        self, vault: Vault, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail() -> None:
            raise InvalidSettings("The environment variable LEAST_USERS is not set.")

        monkeypatch.setattr(bootstrap, "validator", fail)
        handler(event(), Context())
        (result,) = vault.results
        assert result["ValidationStatusMessage"] == "The environment variable LEAST_USERS is not set."

    def test_a_result_that_is_not_taken_is_measured_and_tried_again_by_lambda(
        self, vault: Vault, printed: Lines
    ) -> None:
        vault.failure = ClientError({"Error": {"Code": "ServiceUnavailable"}}, "PutRestoreValidationResult")
        with pytest.raises(BackupRefused):
            handler(event(), Context())
        assert _metrics(printed)["ValidationFailed"] == 0


def test_a_call_without_time_says_that_it_had_none(vault: Vault) -> None:
    handler(event(), Context(0))
    (result,) = vault.results
    assert result["ValidationStatus"] == "FAILED"
    assert "The table was not read to its end." in result["ValidationStatusMessage"]


def _status(asked: dict[str, Any]) -> str:
    answer = handler(asked, Context())
    assert answer is not None
    return str(answer["status"])


def _fails(monkeypatch: pytest.MonkeyPatch, shelf: Shelf, failure: Exception) -> None:
    def fail() -> None:
        raise failure

    monkeypatch.setattr(shelf, "description", fail)


def _metrics(printed: Lines) -> dict[str, float]:
    """Return the metrics of the last line."""
    line = printed()[-1]
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    return {metric["Name"]: line[metric["Name"]][0] for metric in directive["Metrics"]}
