"""A restore from a backup: calls that AWS knows, to either Region's vault."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.config import PROD
from pipeline.drill.plan import region_of
from pipeline.drill.step import Role
from pipeline.restore import recovery_point
from pipeline.runbook import Call
from tests.pipeline.restore.sending import refusal

EVERY = [call for role in Role for call in recovery_point.calls(PROD, role)]


@pytest.mark.parametrize("call", EVERY, ids=lambda call: f"{call.action} {call.region}")
def test_aws_knows_the_action_and_its_parameters(call: Call) -> None:
    assert refusal(call) == ""


def test_a_misspelt_parameter_would_be_found() -> None:
    (start, *_) = [call for call in EVERY if call.action == "StartRestoreJob"]
    assert 'Missing required parameter in input: "Metadata"' in refusal(
        replace(start, parameters={"MetaData": start.parameters["Metadata"]})
    )


@pytest.mark.parametrize("role", Role)
def test_all_of_it_is_sent_to_the_region_of_the_vault(role: Role) -> None:
    listed, start, *others = recovery_point.calls(PROD, role)
    assert {call.region for call in (listed, start, *others)} == {region_of(PROD, role)}
    assert listed.parameters["BackupVaultName"] == "users-prod-vault"
    assert start.parameters["Metadata"]["targetTableName"] == "${RESTORED}"
    assert start.parameters["IamRoleArn"] == "arn:aws:iam::222222222222:role/users-prod-restores"


def test_both_vaults_are_looked_into() -> None:
    (look, *_) = recovery_point.section(PROD).entries
    assert [PROD.primary_region in line for line in look.lines if line.startswith("aws")] == [True, False]
    assert [PROD.secondary_region in line for line in look.lines if line.startswith("aws")] == [False, True]
