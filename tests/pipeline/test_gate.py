"""The gates as the pipeline runs them, with AWS replaced by what each of them asks."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner, Result

from pipeline import gate
from pipeline.config import BETA
from tests.pipeline.test_replicas import WHOLE, Described

EVERY = ("hold", "release", "table", "smoke", "bake", "review")


class Deployed:
    """CloudFormation with one stack."""

    def __init__(self, **stacks: Mapping[str, Any]) -> None:
        self.stacks = stacks

    def get_template(self, *, StackName: str, TemplateStage: str) -> Mapping[str, Any]:  # noqa: N803
        assert TemplateStage == "Original"
        if StackName not in self.stacks:
            code = "AccessDenied" if StackName.startswith("Secret") else "ValidationError"
            raise ClientError({"Error": {"Code": code}}, "GetTemplate")
        return {"TemplateBody": self.stacks[StackName]}


def run(*arguments: str, client: object = None) -> Result:
    with mock.patch.object(gate, "client", return_value=client):
        return CliRunner().invoke(gate.app, arguments)


@pytest.mark.parametrize("command", EVERY)
def test_a_deployment_that_is_not_there_is_told(command: str) -> None:
    more = {
        "smoke": ["--region", "eu-west-1"],
        "bake": ["--region", "eu-west-1", "--seconds", "60"],
        "review": ["--assembly", "cdk.out", "--to", "review"],
    }
    result = run(command, "--on", "gamma", *more.get(command, []))
    assert result.exit_code == 1
    assert "There is no deployment 'gamma'" in result.stderr


def test_a_table_passes_if_it_is_whole_in_both_regions() -> None:
    assert run("table", "--on", "beta", client=Described(WHOLE)).exit_code == 0
    result = run("table", "--on", "beta", client=Described({**WHOLE, "Replicas": []}))
    assert (result.exit_code, result.stderr) == (1, "In eu-west-1 the replica is missing.\n")


def test_the_table_that_is_looked_at_is_the_one_that_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USERS_TABLES", '{"local": ["users-local", "users-local-restored"]}')
    with mock.patch.object(gate, "unready", return_value=[]) as unready:
        assert run("table", "--on", "local").exit_code == 0
        assert run("table", "--on", "beta").exit_code == 0
    assert [call.args[1] for call in unready.call_args_list] == [
        *["users-local-restored"] * 2,
        *["users-beta"] * 2,
    ]


def test_tables_that_are_none_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USERS_TABLES", "[]")
    result = run("table", "--on", "local")
    assert (result.exit_code, result.stderr[:40]) == (
        1,
        "USERS_TABLES must be an object of lists of names"[:40],
    )


@pytest.mark.parametrize(("region", "role"), [("eu-west-1", "Primary"), ("eu-central-1", "Secondary")])
def test_a_bake_watches_the_alarms_of_its_region(region: str, role: str) -> None:
    with mock.patch.object(gate, "Alarms") as alarms:
        assert run("bake", "--on", "beta", "--region", region, "--seconds", "7").exit_code == 0
    assert alarms.call_args.kwargs["prefixes"] == [f"Beta{role}-", "users-beta-"]
    assert alarms.call_args.kwargs["apart"] == [f"Beta{role}-Backup-"]
    alarms.return_value.stay_quiet.assert_called_once_with(seconds=7)


def test_a_smoke_test_asks_the_region_s_own_name() -> None:
    with mock.patch.object(gate, "smoke") as smoke:
        assert run("smoke", "--on", "beta", "--region", "eu-west-1").exit_code == 0
    (asked, region), _ = smoke.call_args
    assert (str(asked.base_url), region) == ("https://eu-west-1.users.beta.example.com", "eu-west-1")


def test_a_smoke_test_asks_where_this_machine_says_that_a_name_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USERS_ADDRESSES", '{"eu-west-1.users.local.example": "http://127.0.0.1:8081"}')
    with mock.patch.object(gate, "smoke") as smoke:
        assert run("smoke", "--on", "local", "--region", "eu-west-1").exit_code == 0
        assert run("smoke", "--on", "local", "--region", "eu-central-1").exit_code == 0
    assert [str(call.args[0].base_url) for call in smoke.call_args_list] == [
        "http://127.0.0.1:8081",
        "https://eu-central-1.users.local.example",
    ]


@pytest.mark.parametrize("addresses", ["{", "[]"])
def test_addresses_that_are_none_are_told(addresses: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USERS_ADDRESSES", addresses)
    result = run("smoke", "--on", "local", "--region", "eu-west-1")
    assert (result.exit_code, result.stderr) == (
        1,
        f"USERS_ADDRESSES must be a JSON object, not {addresses!r}.\n",
    )


def test_a_review_says_in_a_line_what_changes(tmp_path: Path) -> None:
    folder = tmp_path / "cdk.out" / "assembly-BetaData"
    folder.mkdir(parents=True)
    stack = {
        "type": "aws:cloudformation:stack",
        "environment": f"aws://{BETA.account}/{BETA.primary_region}",
        "properties": {"stackName": "BetaData-Data", "templateFile": "Data.template.json"},
    }
    stage = {
        "type": "cdk:cloud-assembly",
        "properties": {"directoryName": "assembly-BetaData", "displayName": "BetaData"},
    }
    wanted = {"Resources": {"A": {"Type": "AWS::SQS::Queue"}}}
    (folder / "Data.template.json").write_text(json.dumps(wanted))
    (folder / "manifest.json").write_text(json.dumps({"artifacts": {"Data": stack}}))
    (folder.parent / "manifest.json").write_text(json.dumps({"artifacts": {"BetaData": stage}}))
    arguments = ("review", "--on", "beta", "--assembly", str(folder.parent), "--to", str(tmp_path / "review"))
    assert run(*arguments, client=Deployed()).stdout == "BetaData-Data +1 ~0 -0\n"
    assert run(*arguments, client=Deployed(**{"BetaData-Data": wanted})).stdout == "no template changes\n"
    assert (tmp_path / "review" / "templates.diff").read_text() == "None.\n"


def test_a_template_that_may_not_be_read_is_not_taken_for_none() -> None:
    assert gate.deployed(Deployed(), "BetaData-Data") == {}
    with pytest.raises(ClientError):
        gate.deployed(Deployed(), "Secret-Data")
