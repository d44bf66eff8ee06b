"""Each pipeline as it was synthesized: its order, and that nothing overtakes anything in it."""

import json
import re

from pipeline.delivery import LOCAL_PIPELINE, PIPELINE, Pipeline
from tests.pipeline.flow import ROLL_OUT, faults
from tests.pipeline.pipelines import Stages, action_of, order, stage_of, titles
from tests.stacks.assembly import Assembly, Stack


def test_a_commit_passes_every_gate_before_it_goes_on(stages: Stages, pipeline: Pipeline) -> None:
    assert list(faults(stages, pipeline)) == []


def test_every_action_of_a_wave_has_its_place_in_the_order(stages: Stages, pipeline: Pipeline) -> None:
    for name in titles(pipeline):
        found = [
            re.sub(r"\.\w+\.(Prepare|Deploy)$", "", a["Name"]) for a in stage_of(stages, name)["Actions"]
        ]
        known = {f"{name}{part.format(name)}" for part in ROLL_OUT} | {f"{name}Access", f"{name}Data"}
        assert set(found) <= known
        assert len(found) <= 50


def test_a_stage_out_of_order_would_be_found(stages: Stages, pipeline: Pipeline) -> None:
    first, _ = titles(pipeline)
    for each in stage_of(stages, first)["Actions"]:
        if each["Name"].startswith(f"{first}Primary.Api"):
            each["RunOrder"] -= 4
    assert list(faults(stages, pipeline)) == [f"{first} Primary too early"]


def test_a_bake_beside_its_smoke_test_would_be_found(stages: Stages, pipeline: Pipeline) -> None:
    first, _ = titles(pipeline)
    bake, smoke = (
        action_of(stages, f"{first}Secondary.{first}Secondary{gate}") for gate in ("Bake", "Smoke")
    )
    bake["RunOrder"] = smoke["RunOrder"]
    assert list(faults(stages, pipeline)) == [f"{first} Secondary.{first}SecondaryBake too early"]


def test_a_wave_without_its_bake_would_be_found(stages: Stages, pipeline: Pipeline) -> None:
    _, last = titles(pipeline)
    wave = stage_of(stages, last)["Actions"]
    wave.remove(action_of(stages, f"{last}Primary.{last}PrimaryBake"))
    assert list(faults(stages, pipeline)) == [f"{last} without Primary.{last}PrimaryBake"]


def test_a_wave_that_is_not_rolled_back_would_be_found(stages: Stages, pipeline: Pipeline) -> None:
    for name in titles(pipeline):
        del stage_of(stages, name)["OnFailure"]
    assert list(faults(stages, pipeline)) == [f"the rollback of {name}" for name in titles(pipeline)]


def test_an_approval_that_is_rolled_back_would_be_found(stages: Stages, pipeline: Pipeline) -> None:
    _, last = titles(pipeline)
    stage_of(stages, f"{last}Approval")["OnFailure"] = {"Result": "ROLLBACK"}
    assert list(faults(stages, pipeline)) == [f"the rollback of {last}Approval"]


def test_the_second_wave_before_the_drill_would_be_found(stages: Stages, pipeline: Pipeline) -> None:
    stages.append(stages.pop(4))
    assert [fault.split(":")[0] for fault in faults(stages, pipeline)] == ["the order of stages"]


def test_a_wave_without_its_drill_would_be_found(stages: Stages, pipeline: Pipeline) -> None:
    first, _ = titles(pipeline)
    stage_of(stages, first)["Actions"].remove(action_of(stages, f"{first}Drill"))
    assert list(faults(stages, pipeline)) == [f"{first} without its drill"]


def test_a_wave_without_an_approval_would_be_found(stages: Stages, pipeline: Pipeline) -> None:
    _, last = titles(pipeline)
    stage_of(stages, f"{last}Approval")["Actions"].remove(action_of(stages, f"{last}Approve"))
    assert list(faults(stages, pipeline)) == [f"{last} without an approval"]


def test_a_synthesis_beside_a_check_would_be_found(stages: Stages, pipeline: Pipeline) -> None:
    action_of(stages, "Test")["RunOrder"] = order(action_of(stages, "Synth"))
    assert list(faults(stages, pipeline)) == ["Synth without Test"]


def test_an_asset_beside_another_would_be_found(stages: Stages, pipeline: Pipeline) -> None:
    assets = stage_of(stages, "Assets")["Actions"]
    assets.append({**assets[0], "Name": "FileAsset2"})
    assert list(faults(stages, pipeline)) == ["assets side by side"]


def test_each_deploys_to_its_own_region_and_account(stages: Stages, pipeline: Pipeline) -> None:
    for deployment in (wave.deployment for wave in pipeline.waves):
        title = deployment.name.title()
        for each in stage_of(stages, title)["Actions"]:
            if each["ActionTypeId"]["Provider"] != "CloudFormation":
                continue
            secondary = each["Name"].startswith(f"{title}Secondary")
            region = deployment.secondary_region if secondary else deployment.primary_region
            assert each.get("Region", pipeline.region) == region, each["Name"]
            assert f"{deployment.account}-{region}" in json.dumps(each["RoleArn"])


def test_whoever_approves_is_shown_the_verdict_and_the_change(stages: Stages, pipeline: Pipeline) -> None:
    first, last = titles(pipeline)
    configuration = action_of(stages, f"{last}Approve")["Configuration"]
    drill, review = (action_of(stages, name)["Namespace"] for name in (f"{first}Drill", f"{last}Review"))
    assert f"#{{{drill}.VERDICT}}" in configuration["CustomData"]
    assert f"#{{{review}.CHANGE}}" in configuration["CustomData"]
    assert configuration["ExternalEntityLink"] == f"#{{{review}.LOG}}"
    assert order(action_of(stages, f"{last}Review")) < order(action_of(stages, f"{last}Approve"))


def test_executions_queue_in_a_pipeline_of_the_second_type(stack: Stack, pipeline: Pipeline) -> None:
    properties = stack.only("AWS::CodePipeline::Pipeline")["Properties"]
    assert (properties["PipelineType"], properties["ExecutionMode"]) == ("V2", "QUEUED")
    source = properties["Stages"][0]["Actions"][0]
    assert source["Configuration"]["FullRepositoryId"] == pipeline.repository
    assert source["Configuration"]["BranchName"] == pipeline.branch
    assert source["Configuration"]["ConnectionArn"] == pipeline.connection_arn


def test_a_new_asset_does_not_change_the_pipeline(assembly: Assembly, stack: Stack) -> None:
    hashes = {
        hash_
        for file in assembly.directory.glob("assembly-*/*.assets.json")
        for hash_ in json.loads(file.read_text())["files"]
    }
    assert hashes
    text = stack.template_file.read_text()
    assert [each for each in hashes if each in text] == []


def test_artifacts_are_kept_under_a_key_that_rotates_in_both_regions(
    assembly: Assembly, pipeline: Pipeline
) -> None:
    for name in (pipeline.id, f"{pipeline.id}-support-eu-central-1"):
        stack = assembly.pipeline[name]
        assert stack.only("AWS::KMS::Key")["Properties"]["EnableKeyRotation"] is True
        encryption = stack.only("AWS::S3::Bucket")["Properties"]["BucketEncryption"]
        (rule,) = encryption["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"


def test_the_local_pipeline_has_every_stage_that_the_one_on_aws_has() -> None:
    one, other = ([bool(wave.drill) for wave in each.waves] for each in (PIPELINE, LOCAL_PIPELINE))
    assert one == other
    assert [w.approved for w in PIPELINE.waves] == [w.approved for w in LOCAL_PIPELINE.waves]
