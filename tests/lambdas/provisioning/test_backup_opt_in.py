"""What CloudFormation is told of the opt-in, and what is changed for it."""

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

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


def test_the_stack_is_of_the_region_of_the_function(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    client: Any = backup_opt_in._backup()._client
    assert client.meta.region_name == "eu-central-1"
