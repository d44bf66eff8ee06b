"""The pipeline as it was synthesized: its order, its gates, and what each step may do."""

import copy
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

import app
from pipeline.config import Deployment
from pipeline.delivery import PIPELINE
from stacks import guardrails
from stacks.constructs.users_table import INDEXES
from stacks.refused import Refused
from tests.stacks.assembly import Assembly, Stack
from tests.stacks.test_templates import lint

Stages = list[dict[str, Any]]
BETA, PROD = (wave.deployment for wave in PIPELINE.waves)
ROLL_OUT = (
    "Hold",
    "(Access|Data)",
    "Access.{0}Table",
    "Secondary",
    "Secondary.{0}SecondarySmoke",
    "Secondary.{0}SecondaryBake",
    "Primary",
    "Primary.{0}PrimarySmoke",
    "Primary.{0}PrimaryBake",
    "Routing",
    "Drill",
    "Release",
)
# What CDK grants to each build: its log, its reports, and the artifacts in and out.
OF_EVERY_BUILD = re.compile(r"(s3|kms|logs):|codebuild:(BatchPut|Create|Update)")
# cfn-lint passes a hint on style on as this error wherever the ARN of a role is joined from parts.
HINT = re.compile(r"E3703 Prefer using Fn::Sub over Fn::Join with an empty delimiter\n\S+:\d+:\d+\n\n")
# The status of `export` is its own, not that of what it calls.
HIDDEN = re.compile(r"export \w+=[^ ]*\$\(")
LOCKED = {f"dynamodb:{call}Item" for call in ("Delete", "Get", "Update")}


@pytest.fixture(scope="module")
def stack(assembly: Assembly) -> Stack:
    return assembly.pipeline["Pipeline"]


@pytest.fixture
def stages(stack: Stack) -> Stages:
    found: Stages = copy.deepcopy(stack.only("AWS::CodePipeline::Pipeline")["Properties"]["Stages"])
    return found


def faults(stages: Stages) -> Iterator[str]:
    """What lets a commit reach a deployment too early, or leaves it there too long."""
    names = [stage["Name"] for stage in stages]
    if names != ["Source", "Build", "UpdatePipeline", "Assets", "Beta", "ProdApproval", "Prod"]:
        yield f"the order of stages: {', '.join(names)}"
    for stage in stages:
        rolled_back = stage.get("OnFailure") == {"Result": "ROLLBACK"}
        if rolled_back is (stage["Name"] in {"Source", "ProdApproval"}):
            yield f"the rollback of {stage['Name']}"
        if stage["Name"] == "Assets" and len(stage["Actions"]) != 1:
            yield "assets side by side"
        if stage["Name"] in {"Beta", "Prod"}:
            yield from disorder(stage)
    drilled = [stage["Name"] for stage in stages for each in stage["Actions"] if each["Name"] == "BetaDrill"]
    if drilled != ["Beta"]:
        yield "BETA without its drill"
    asked = [each for stage in stages if stage["Name"] == "ProdApproval" for each in stage["Actions"]]
    if not asked or max(asked, key=order)["ActionTypeId"]["Category"] != "Approval":
        yield "PROD without an approval"


def disorder(stage: Mapping[str, Any]) -> Iterator[str]:
    """The parts of a wave that do not begin after the one before them has ended."""
    name, ended = stage["Name"], 0
    for part in ROLL_OUT:
        deploys = r"\.\w+\.(Prepare|Deploy)" if re.fullmatch(r"\(?\w+(\|\w+\))?", part) else ""
        gate = part in {"Hold", "Drill", "Release"}
        pattern = f"{name}{part.format(name)}" + ("" if gate else deploys)
        orders = [order(each) for each in stage["Actions"] if re.fullmatch(pattern, each["Name"])]
        if orders and min(orders) <= ended:
            yield f"{name} {part.format(name)} too early"
        ended = max([*orders, ended])


def order(action: Mapping[str, Any]) -> int:
    return int(action["RunOrder"])


def stage_of(stages: Stages, name: str) -> dict[str, Any]:
    return next(stage for stage in stages if stage["Name"] == name)


def action_of(stages: Stages, name: str) -> dict[str, Any]:
    return next(each for stage in stages for each in stage["Actions"] if each["Name"] == name)


def test_a_commit_passes_every_gate_before_it_goes_on(stages: Stages) -> None:
    assert list(faults(stages)) == []


def test_every_action_of_a_wave_has_its_place_in_the_order(stages: Stages) -> None:
    for name in ("Beta", "Prod"):
        found = [
            re.sub(r"\.\w+\.(Prepare|Deploy)$", "", a["Name"]) for a in stage_of(stages, name)["Actions"]
        ]
        known = {f"{name}{part.format(name)}" for part in ROLL_OUT} | {f"{name}Access", f"{name}Data"}
        assert set(found) <= known
        assert len(found) <= 50


def test_a_stage_out_of_order_would_be_found(stages: Stages) -> None:
    for each in stage_of(stages, "Beta")["Actions"]:
        if each["Name"].startswith("BetaPrimary.Api"):
            each["RunOrder"] -= 4
    assert list(faults(stages)) == ["Beta Primary too early"]


def test_a_bake_beside_its_smoke_test_would_be_found(stages: Stages) -> None:
    bake, smoke = (action_of(stages, f"BetaSecondary.BetaSecondary{gate}") for gate in ("Bake", "Smoke"))
    bake["RunOrder"] = smoke["RunOrder"]
    assert list(faults(stages)) == ["Beta Secondary.BetaSecondaryBake too early"]


@pytest.mark.parametrize("name", ["Beta", "Prod"])
def test_a_wave_that_is_not_rolled_back_would_be_found(stages: Stages, name: str) -> None:
    del stage_of(stages, name)["OnFailure"]
    assert list(faults(stages)) == [f"the rollback of {name}"]


def test_prod_before_the_drill_would_be_found(stages: Stages) -> None:
    stages.append(stages.pop(4))
    assert [fault.split(":")[0] for fault in faults(stages)] == ["the order of stages"]


def test_beta_without_its_drill_would_be_found(stages: Stages) -> None:
    stage_of(stages, "Beta")["Actions"].remove(action_of(stages, "BetaDrill"))
    assert list(faults(stages)) == ["BETA without its drill"]


def test_prod_without_an_approval_would_be_found(stages: Stages) -> None:
    stage_of(stages, "ProdApproval")["Actions"].remove(action_of(stages, "ProdApprove"))
    assert list(faults(stages)) == ["PROD without an approval"]


def test_an_asset_beside_another_would_be_found(stages: Stages) -> None:
    assets = stage_of(stages, "Assets")["Actions"]
    assets.append({**assets[0], "Name": "FileAsset2"})
    assert list(faults(stages)) == ["assets side by side"]


def test_each_deploys_to_its_own_region_and_account(stages: Stages) -> None:
    for deployment in (BETA, PROD):
        title = deployment.name.title()
        for each in stage_of(stages, title)["Actions"]:
            if each["ActionTypeId"]["Provider"] != "CloudFormation":
                continue
            secondary = each["Name"].startswith(f"{title}Secondary")
            region = deployment.secondary_region if secondary else deployment.primary_region
            assert each.get("Region", PIPELINE.region) == region, each["Name"]
            assert f"{deployment.account}-{region}" in json.dumps(each["RoleArn"])


def test_whoever_approves_is_shown_the_verdict_and_the_change(stages: Stages) -> None:
    configuration = action_of(stages, "ProdApprove")["Configuration"]
    drill, review = (action_of(stages, name)["Namespace"] for name in ("BetaDrill", "ProdReview"))
    assert f"#{{{drill}.VERDICT}}" in configuration["CustomData"]
    assert f"#{{{review}.CHANGE}}" in configuration["CustomData"]
    assert configuration["ExternalEntityLink"] == f"#{{{review}.LOG}}"
    assert order(action_of(stages, "ProdReview")) < order(action_of(stages, "ProdApprove"))


def test_executions_queue_in_a_pipeline_of_the_second_type(stack: Stack) -> None:
    properties = stack.only("AWS::CodePipeline::Pipeline")["Properties"]
    assert (properties["PipelineType"], properties["ExecutionMode"]) == ("V2", "QUEUED")
    source = properties["Stages"][0]["Actions"][0]
    assert source["Configuration"]["FullRepositoryId"] == PIPELINE.repository
    assert source["Configuration"]["ConnectionArn"] == PIPELINE.connection_arn


def test_a_new_asset_does_not_change_the_pipeline(assembly: Assembly, stack: Stack) -> None:
    hashes = {
        hash_
        for file in assembly.directory.glob("assembly-*/*.assets.json")
        for hash_ in json.loads(file.read_text())["files"]
    }
    assert hashes
    text = stack.template_file.read_text()
    assert [each for each in hashes if each in text] == []


def builds(stack: Stack) -> Mapping[str, tuple[Mapping[str, Any], str]]:
    """Each build project by its id, without CDK's hash, with its properties and the id of its role."""
    return {
        re.sub(r"[0-9A-F]{8}$", "", id_): (
            project["Properties"],
            project["Properties"]["ServiceRole"]["Fn::GetAtt"][0],
        )
        for id_, project in stack.of_type("AWS::CodeBuild::Project").items()
    }


def rights(stack: Stack, role: str) -> Sequence[Mapping[str, Any]]:
    """The statements of a role but for those that every build has."""
    return [
        statement
        for policy in stack.of_type("AWS::IAM::Policy").values()
        if {"Ref": role} in policy["Properties"]["Roles"]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if not all(OF_EVERY_BUILD.match(action) for action in actions(statement))
    ]


def actions(statement: Mapping[str, Any]) -> list[str]:
    found = statement["Action"]
    return [found] if isinstance(found, str) else list(found)


def test_what_builds_or_smokes_may_do_nothing_on_aws(stack: Stack) -> None:
    found = {name: rights(stack, role) for name, (_, role) in builds(stack).items()}
    harmless = [n for n in found if re.search(r"Build(Test|Audit|SynthCdkBuildProject)$|Smoke$", n)]
    assert len(harmless) == 3 + 4
    assert [name for name in harmless if found[name]] == []


@pytest.mark.parametrize(
    ("gate", "role"),
    [
        ("BetaBetaAccessBetaTable", "users-beta-gate"),
        ("BetaBetaSecondaryBetaSecondaryBake", "users-beta-gate"),
        ("BetaBetaDrill", "users-beta-drill"),
        ("ProdApprovalProdReview", "users-prod-gate"),
        ("ProdProdPrimaryProdPrimaryBake", "users-prod-gate"),
    ],
)
def test_a_gate_may_act_as_one_role_of_its_deployment(stack: Stack, gate: str, role: str) -> None:
    properties, own = builds(stack)[f"Pipeline{gate}"]
    account = BETA.account if "beta" in role else PROD.account
    assert rights(stack, own) == [
        {"Action": "sts:AssumeRole", "Effect": "Allow", "Resource": f"arn:aws:iam::{account}:role/{role}"}
    ]
    (acting,) = properties["Environment"]["EnvironmentVariables"]
    assert (acting["Name"], acting["Value"]) == ("ACT_AS", f"arn:aws:iam::{account}:role/{role}")


@pytest.mark.parametrize("gate", ["Hold", "Release"])
def test_the_lock_is_held_and_released_for_one_deployment(stack: Stack, gate: str) -> None:
    _, own = builds(stack)[f"PipelineBetaBeta{gate}"]
    (statement,) = rights(stack, own)
    assert set(actions(statement)) == LOCKED
    assert statement["Condition"] == {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["beta"]}}
    (table,) = stack.of_type("AWS::DynamoDB::GlobalTable")
    assert statement["Resource"] == {"Fn::GetAtt": [table, "Arn"]}


def test_only_the_account_that_is_drilled_may_hold_itself_from_elsewhere(stack: Stack) -> None:
    (replica,) = stack.only("AWS::DynamoDB::GlobalTable")["Properties"]["Replicas"]
    (statement,) = replica["ResourcePolicy"]["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{BETA.account}:root"}
    assert statement["Condition"] == {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["beta"]}}


def test_what_updates_and_what_publishes_act_as_roles_of_the_bootstrap(stack: Stack) -> None:
    found = builds(stack)
    updates = rights(stack, found["PipelineUpdatePipelineSelfMutation"][1])
    (acting,) = [each for each in updates if actions(each) == ["sts:AssumeRole"]]
    assert acting["Condition"] == {
        "ForAnyValue:StringEquals": {
            "iam:ResourceTag/aws-cdk:bootstrap-role": ["image-publishing", "file-publishing", "deploy"]
        }
    }
    publishes = rights(stack, found["PipelineAssetsFileAsset"][1])
    (acting,) = [each for each in publishes if actions(each) == ["sts:AssumeRole"]]
    assert all("file-publishing-role" in json.dumps(each) for each in acting["Resource"])


def test_no_build_runs_containers_and_each_ends(stack: Stack) -> None:
    for name, (properties, _) in builds(stack).items():
        assert properties["Environment"]["PrivilegedMode"] is False, name
        assert properties["Environment"]["Image"] == "aws/codebuild/standard:7.0", name
        assert "EncryptionKey" in properties, name


def test_the_pipeline_updates_itself_with_the_cli_of_a_laptop(stack: Stack) -> None:
    properties, _ = builds(stack)["PipelineUpdatePipelineSelfMutation"]
    spec = json.loads(properties["Source"]["BuildSpec"])
    assert spec["phases"]["install"]["commands"] == ["npm install -g aws-cdk@2.1148.1"]
    assert spec["phases"]["build"]["commands"] == [
        "cdk -a . deploy Pipeline --require-approval=never --verbose"
    ]


@pytest.mark.parametrize("name", ["Pipeline", "Pipeline-support-eu-central-1"])
def test_artifacts_are_kept_under_a_key_that_rotates_in_both_regions(assembly: Assembly, name: str) -> None:
    stack = assembly.pipeline[name]
    assert stack.only("AWS::KMS::Key")["Properties"]["EnableKeyRotation"] is True
    (rule,) = stack.only("AWS::S3::Bucket")["Properties"]["BucketEncryption"][
        "ServerSideEncryptionConfiguration"
    ]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"


@pytest.mark.parametrize(("deployment", "parts"), [(BETA, ["drill", "gate"]), (PROD, ["gate"])])
def test_a_deployment_trusts_one_step_for_each_role(
    assembly: Assembly, deployment: Deployment, parts: list[str]
) -> None:
    stack = assembly.pipeline[f"{deployment.name.title()}Access-Access"]
    found = {}
    for role in stack.of_type("AWS::IAM::Role").values():
        (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert f":iam::{PIPELINE.account}:root" in json.dumps(statement["Principal"])
        trusted = json.dumps(statement["Condition"]["ArnEquals"]["aws:PrincipalArn"])
        found[role["Properties"]["RoleName"]] = re.findall(r"role/([\w-]+)", trusted)
        assert {"Key": "Deployment", "Value": deployment.name} in role["Properties"]["Tags"]
    service = deployment.service
    assert found == {f"{service}-{part}": [f"{service}-pipeline-{part}"] for part in parts}


def test_cloudformation_would_accept_the_pipeline_and_what_lets_it_in(assembly: Assembly) -> None:
    assert set(assembly.pipeline) == {
        "Pipeline",
        "Pipeline-support-eu-central-1",
        "BetaAccess-Access",
        "ProdAccess-Access",
    }
    for region in ("eu-west-1", "eu-central-1"):
        files = [stack.template_file for stack in assembly.pipeline.values() if stack.region == region]
        assert HINT.sub("", lint(files, region=region)) in {"", "status 2"}


def test_more_than_a_hint_would_be_found(assembly: Assembly, stages: Stages, tmp_path: Path) -> None:
    template = copy.deepcopy(dict(assembly.pipeline["Pipeline"].template))
    (pipeline,) = (r for r in template["Resources"].values() if r["Type"] == "AWS::CodePipeline::Pipeline")
    action_of(stages, "BetaData.Data.Prepare")["Configuration"]["TemplatePath"] = "Elsewhere::a.json"
    pipeline["Properties"]["Stages"] = stages
    (file := tmp_path / "planted.template.json").write_text(json.dumps(template))
    assert "E3703 'Elsewhere' is not one of ['Synth_Output']" in HINT.sub(
        "", lint([file], region="eu-west-1")
    )


def test_no_command_hides_that_another_one_failed(stack: Stack) -> None:
    specs = [properties["Source"]["BuildSpec"] for properties, _ in builds(stack).values()]
    assert any("export VERDICT" in spec for spec in specs)
    assert [spec for spec in specs if HIDDEN.search(spec)] == []
    assert HIDDEN.search('export VERDICT=\\"$(cat verdict)\\"')


def test_what_is_wrong_with_a_deployment_stops_the_app_that_carries_it(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    outdir = str(tmp_path_factory.mktemp("refused"))
    added = {f"{name}-index": next(iter(INDEXES.values())) for name in "ab"}
    with mock.patch.dict(INDEXES, added):
        built = app.build(outdir=outdir, context={"deployments": "beta,prod"})
    with pytest.raises(Refused, match="2 indexes are added or removed at once"):
        guardrails.synthesize(built)


def test_a_wide_right_of_a_step_stops_the_app(tmp_path_factory: pytest.TempPathFactory) -> None:
    outdir = str(tmp_path_factory.mktemp("wide"))
    with mock.patch("pipeline.steps._act_as", return_value="arn:aws:iam::111111111111:role/*"):
        built = app.build(outdir=outdir, context={"deployments": "beta,prod"})
    with pytest.raises(Refused, match=r"IAM5\[Resource::arn:aws:iam::111111111111:role/\*\]"):
        guardrails.synthesize(built)


def test_an_app_without_all_of_its_deployments_has_no_pipeline() -> None:
    assert app.build(context={"deployments": "beta"}).node.try_find_child("Pipeline") is None
