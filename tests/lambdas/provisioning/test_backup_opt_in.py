"""What CloudFormation is told of the opt-in, and what is changed for it."""

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError, DataNotFoundError, EndpointConnectionError

from lambdas.provisioning import backup_opt_in
from lambdas.recovery.adapters.backup import Backup
from tests.lambdas.recovery.vault import Vault

OFF = {"DynamoDB": False, "S3": False}


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, object]]:
    sent: list[Mapping[str, object]] = []
    monkeypatch.setattr(backup_opt_in, "send", lambda _request, outcome: sent.append(outcome))
    return sent


def ask(monkeypatch: pytest.MonkeyPatch, vault: Vault, kind: str, **more: Any) -> None:  # noqa: ANN401 - JSON
    monkeypatch.setattr(backup_opt_in, "_backup", lambda: Backup(vault))
    backup_opt_in.handler({"RequestType": kind, **more}, None)


def test_a_new_resource_opts_in(monkeypatch: pytest.MonkeyPatch, answers: list[Mapping[str, object]]) -> None:
    vault = Vault(opted=OFF, managed={"EFS": True})
    ask(monkeypatch, vault, "Create")
    assert answers == [{"Status": "SUCCESS", "PhysicalResourceId": "opt-in"}]
    assert vault.updates == [
        {
            "ResourceTypeOptInPreference": {"DynamoDB": True, "S3": False},
            "ResourceTypeManagementPreference": {"DynamoDB": True, "EFS": True},
        }
    ]


def test_an_update_opts_in_again_and_stays_the_same_resource(
    monkeypatch: pytest.MonkeyPatch, answers: list[Mapping[str, object]]
) -> None:
    vault = Vault(managed=OFF)
    ask(monkeypatch, vault, "Update", PhysicalResourceId="opt-in-of-old")
    assert answers == [{"Status": "SUCCESS", "PhysicalResourceId": "opt-in-of-old"}]
    assert Backup(vault).opted_in()


def test_to_delete_the_resource_leaves_the_setting_to_others(
    monkeypatch: pytest.MonkeyPatch, answers: list[Mapping[str, object]]
) -> None:
    vault = Vault(opted=OFF)
    ask(monkeypatch, vault, "Delete", PhysicalResourceId="opt-in")
    assert answers == [{"Status": "SUCCESS", "PhysicalResourceId": "opt-in"}]
    assert vault.updates == []


@pytest.mark.parametrize(
    ("failure", "why"),
    [
        (
            ClientError({"Error": {"Code": "AccessDeniedException"}}, "UpdateRegionSettings"),
            "UpdateRegionSettings: AccessDeniedException",
        ),
        (EndpointConnectionError(endpoint_url="https://backup"), "no answer: EndpointConnectionError"),
    ],
)
def test_a_refusal_fails_the_stack_with_a_reason(
    monkeypatch: pytest.MonkeyPatch, answers: list[Mapping[str, object]], failure: Exception, why: str
) -> None:
    ask(monkeypatch, Vault(failure=failure), "Create")
    assert answers == [{"Status": "FAILED", "Reason": f"Backups of tables cannot be opted into: {why}."}]


def test_a_client_that_cannot_be_made_fails_the_stack_with_a_reason(
    monkeypatch: pytest.MonkeyPatch, answers: list[Mapping[str, object]]
) -> None:
    def fail() -> Backup:
        raise DataNotFoundError(data_path="backup")

    monkeypatch.setattr(backup_opt_in, "_backup", fail)
    backup_opt_in.handler({"RequestType": "Create"}, None)
    assert answers == [
        {"Status": "FAILED", "Reason": "Backups of tables cannot be opted into: DataNotFoundError."}
    ]


def test_the_function_has_time_to_answer_after_the_longest_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    config = client(monkeypatch).meta.config
    assert config.retries["mode"] == "standard"
    tries = config.retries["total_max_attempts"]
    # The pause after each try but the last is at most 1, 2, 4 ... seconds.
    waits = tries * (config.connect_timeout + config.read_timeout) + 2 ** (tries - 1) - 1
    calls, to_start, to_answer = 2, 4, 10
    assert to_start + calls * waits + to_answer < 29


def test_the_stack_is_of_the_region_of_the_function(monkeypatch: pytest.MonkeyPatch) -> None:
    assert client(monkeypatch).meta.region_name == "eu-central-1"


def client(monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 - botocore makes its class at run time
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    return backup_opt_in._backup()._client
