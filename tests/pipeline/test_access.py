"""What lets a pipeline into the account of a deployment, and what keeps an app from being deployed at all."""

import copy
import json
import re
from pathlib import Path
from unittest import mock

import pytest

import app
from pipeline.delivery import PIPELINES, Pipeline
from stacks import guardrails
from stacks.constructs.users_table import INDEXES
from stacks.refused import Refused
from tests.pipeline.pipelines import Stages, action_of
from tests.stacks.assembly import Assembly, Stack
from tests.stacks.test_templates import lint

# cfn-lint passes a hint on style on as this error wherever the ARN of a role is joined from parts.
HINT = re.compile(r"E3703 Prefer using Fn::Sub over Fn::Join with an empty delimiter\n\S+:\d+:\d+\n\n")


def test_a_deployment_trusts_one_step_for_each_role(assembly: Assembly, pipeline: Pipeline) -> None:
    for wave in pipeline.waves:
        stack = assembly.pipeline[f"{wave.name.title()}Access-Access"]
        found = {}
        for role in stack.of_type("AWS::IAM::Role").values():
            (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            if "Federated" in statement["Principal"]:
                assert pipeline.github
                continue
            assert f":iam::{pipeline.account}:root" in json.dumps(statement["Principal"])
            trusted = json.dumps(statement["Condition"]["ArnEquals"]["aws:PrincipalArn"])
            found[role["Properties"]["RoleName"]] = re.findall(r"role/([\w-]+)", trusted)
            assert {"Key": "Deployment", "Value": wave.name} in role["Properties"]["Tags"]
        service, parts = wave.deployment.service, ["drill", "gate"] if wave.drill else ["gate"]
        assert found == {f"{service}-{part}": [f"{service}-pipeline-{part}"] for part in parts}


def test_cloudformation_would_accept_the_pipelines_and_what_lets_them_in(assembly: Assembly) -> None:
    expected = {f"{each.id}{support}" for each in PIPELINES for support in ("", "-support-eu-central-1")}
    expected |= {f"{name.title()}Access-Access" for each in PIPELINES for name in each.names}
    assert set(assembly.pipeline) == expected
    for region in ("eu-west-1", "eu-central-1"):
        files = [stack.template_file for stack in assembly.pipeline.values() if stack.region == region]
        assert HINT.sub("", lint(files, region=region)) in {"", "status 2"}


def test_more_than_a_hint_would_be_found(
    stack: Stack, pipeline: Pipeline, stages: Stages, tmp_path: Path
) -> None:
    template = copy.deepcopy(dict(stack.template))
    (resource,) = (r for r in template["Resources"].values() if r["Type"] == "AWS::CodePipeline::Pipeline")
    prepare = action_of(stages, f"{pipeline.names[0].title()}Data.Data.Prepare")
    prepare["Configuration"]["TemplatePath"] = "Elsewhere::a.json"
    resource["Properties"]["Stages"] = stages
    (file := tmp_path / "planted.template.json").write_text(json.dumps(template))
    assert "E3703 'Elsewhere' is not one of ['Synth_Output']" in HINT.sub(
        "", lint([file], region="eu-west-1")
    )


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


@pytest.mark.parametrize(
    ("names", "ids"), [("beta", []), ("local,beta", []), ("local,localprod", ["LocalPipeline"])]
)
def test_an_app_has_the_pipelines_that_it_has_every_deployment_of(names: str, ids: list[str]) -> None:
    built = app.build(context={"deployments": names})
    assert [each.id for each in PIPELINES if built.node.try_find_child(each.id)] == ids
