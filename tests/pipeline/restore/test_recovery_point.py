"""A restore from a backup: calls that AWS knows, to either Region's vault."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pipeline.config import PROD
from pipeline.drill.plan import region_of
from pipeline.drill.step import Role
from pipeline.restore import cut_over, recovery_point
from pipeline.runbook import Call
from tests.pipeline.restore.sending import commands_of, refusal

ENTRIES = recovery_point.section(PROD).entries
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


def test_it_is_encrypted_before_anything_else_is_asked_of_it() -> None:
    (encrypt,) = [entry for entry in ENTRIES if any("SSESpecification" in line for line in entry.lines)]
    assert encrypt.lines[-1] == (
        'aws dynamodb wait table-exists --region eu-west-1 --table-name "${RESTORED}"'
    )


def test_a_fence_that_came_with_the_backup_is_taken_away_in_both_regions_at_the_end() -> None:
    lines = commands_of(ENTRIES[-1].lines, {"RESTORED": "users-prod-restored-1"})
    rows = [json.loads(words[words.index("--cli-input-json") + 1]) for words in lines]
    regions = [words[words.index("--region") + 1] for words in lines]
    assert regions == [PROD.primary_region, PROD.secondary_region]
    assert {row["TableName"] for row in rows} == {"users-prod-restored-1"}
    assert [row["Item"]["user_id"]["S"] for row in rows] == [f"REGION#{region}" for region in regions]
    assert {(row["Item"]["timestamp"]["S"], row["Item"]["state"]["S"]) for row in rows} == {
        ("STATE", "active")
    }


def test_a_table_that_is_gone_gets_its_own_name_and_nobody_has_tried_that() -> None:
    section = recovery_point.section(PROD)
    assert any("its own name, `users-prod`" in line and "not tried" in line for line in section.before)
    assert any("RESTORED=users-prod" in line and line.startswith("#") for line in section.variables)
    assert any("does not exist" in line and "Neither was tried" in line for line in section.not_covered)


def test_the_commit_that_serves_is_checked_out_before() -> None:
    assert set(cut_over.BEFORE) < set(recovery_point.section(PROD).before)


def test_both_vaults_are_looked_into() -> None:
    (look, *_) = recovery_point.section(PROD).entries
    assert [PROD.primary_region in line for line in look.lines if line.startswith("aws")] == [True, False]
    assert [PROD.secondary_region in line for line in look.lines if line.startswith("aws")] == [False, True]
