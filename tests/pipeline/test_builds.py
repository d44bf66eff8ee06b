"""What a commit is built with: what each project runs, and how little it may do."""

import json
import re

from pipeline.delivery import Pipeline
from tests.pipeline.pipelines import actions, builds, rights
from tests.stacks.assembly import Stack

# The status of `export` is its own, not that of what it calls.
HIDDEN = re.compile(r"export \w+=[^ ]*\$\(")


def test_what_builds_or_smokes_may_do_nothing_on_aws(stack: Stack, pipeline: Pipeline) -> None:
    found = {name: rights(stack, role) for name, (_, role) in builds(stack).items()}
    checks = "|".join(check.name for check in pipeline.checks)
    harmless = [n for n in found if re.search(rf"Build({checks}|SynthCdkBuildProject)$|Smoke$", n)]
    assert len(harmless) == len(pipeline.checks) + 1 + 2 * len(pipeline.waves)
    assert [name for name in harmless if found[name]] == []


def test_each_check_runs_its_commands_in_its_time(stack: Stack, pipeline: Pipeline) -> None:
    for check in pipeline.checks:
        properties, _ = builds(stack)[f"PipelineBuild{check.name}"]
        spec = json.loads(properties["Source"]["BuildSpec"])
        assert spec["phases"]["build"]["commands"] == list(check.commands)
        assert properties["TimeoutInMinutes"] == check.minutes
        assert ("artifacts" in spec) == (check.output is not None)


def test_each_pipeline_synthesizes_what_it_carries(stack: Stack, pipeline: Pipeline) -> None:
    properties, _ = builds(stack)["PipelineBuildSynthCdkBuildProject"]
    variables = {each["Name"]: each["Value"] for each in properties["Environment"]["EnvironmentVariables"]}
    assert json.loads(variables["CDK_CONTEXT_JSON"]) == {"deployments": ",".join(pipeline.names)}


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


def test_the_pipeline_updates_itself_with_the_cli_of_a_laptop(stack: Stack, pipeline: Pipeline) -> None:
    properties, _ = builds(stack)["PipelineUpdatePipelineSelfMutation"]
    spec = json.loads(properties["Source"]["BuildSpec"])
    assert spec["phases"]["install"]["commands"] == ["npm install -g aws-cdk@2.1148.1"]
    assert spec["phases"]["build"]["commands"] == [
        f"cdk -a . deploy {pipeline.id} --require-approval=never --verbose"
    ]


def test_no_command_hides_that_another_one_failed(stack: Stack) -> None:
    specs = [properties["Source"]["BuildSpec"] for properties, _ in builds(stack).values()]
    assert any("export VERDICT" in spec for spec in specs)
    assert [spec for spec in specs if HIDDEN.search(spec)] == []
    assert HIDDEN.search('export VERDICT=\\"$(cat verdict)\\"')
