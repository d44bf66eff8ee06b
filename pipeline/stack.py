"""The pipeline: from a push to both Regions of every wave, by way of its own update."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import pipelines
from constructs import Construct

from pipeline import builds, steps
from pipeline.access import AccessStage
from pipeline.config import Deployment
from pipeline.delivery import PIPELINES, Pipeline, Wave
from pipeline.publishing import publish_by_cli
from pipeline.stage import deployment_stages
from stacks import carried, guardrails
from stacks.constructs.delivery_metrics import DeliveryMetrics
from stacks.constructs.locks import Locks
from stacks.sizing import LogPolicy

CLI = json.loads((Path(__file__).parents[1] / "package.json").read_text())["devDependencies"]["aws-cdk"]
# A source cannot be rolled back, and to roll an approval back would ask for one more
# (https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html).
NEVER_ROLLED_BACK = ("Source", "Approval")


class PipelineStack(cdk.Stack):
    """A pipeline in an account of its choice; `stages` are those of each deployment, in their order.

    Each wave is one stage of CodePipeline with all its deploying and its gates, drill included. A stage takes
    one execution at a time, so no deploy and no drill of the pipeline meet; and it is rolled back whole, so
    that no Region is left with another release than its peer. Executions queue: none overtakes another.
    Not yet run on AWS.
    """

    def __init__(
        self, scope: Construct, *, pipeline: Pipeline, stages: Mapping[str, Sequence[cdk.Stage]]
    ) -> None:
        env = cdk.Environment(account=pipeline.account, region=pipeline.region)
        super().__init__(scope, pipeline.id, env=env, termination_protection=True)
        drilled = {wave.name: wave.deployment.account for wave in pipeline.waves if wave.drill}
        self._locks = Locks(self, "Locks", drilled=drilled)
        self._source = pipelines.CodePipelineSource.connection(
            pipeline.repository, pipeline.branch, connection_arn=pipeline.connection_arn, action_name="Source"
        )
        self._synth = builds.synth(self._source, pipeline)
        for check in pipeline.checks:
            self._synth.add_step_dependency(builds.check(self._source, check))
        self._drill: pipelines.CodeBuildStep | None = None
        built = self._pipeline()
        for wave in pipeline.waves:
            self._add(built, wave, stages[wave.name], pipeline)
        built.build_pipeline()
        publish_by_cli(self, built, cli=CLI)
        DeliveryMetrics(
            self,
            "Delivery",
            pipeline=built.pipeline,
            stages=[wave.name.title() for wave in pipeline.waves],
            logs=LogPolicy(retention_days=365, retain=False),
        )
        if key := built.pipeline.artifact_bucket.encryption_key:
            key.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        roll_back(built.pipeline)
        guardrails.tag(self, deployment="pipeline")
        accept_what_cdk_makes(self, built)

    def _pipeline(self) -> pipelines.CodePipeline:
        """The pipeline before it has waves.

        Assets are published by one action whose commands are in the assembly: were there one for each, every
        commit would change the pipeline, and no stage could be rolled back to what ran in the one before.
        """
        return pipelines.CodePipeline(
            self,
            "Pipeline",
            synth=self._synth,
            pipeline_type=codepipeline.PipelineType.V2,
            execution_mode=codepipeline.ExecutionMode.QUEUED,
            cross_account_keys=True,
            enable_key_rotation=True,
            publish_assets_in_parallel=False,
            self_mutation=True,
            cli_version=CLI,
            code_build_defaults=builds.defaults(python="3.13", nodejs="22"),
        )

    def _add(
        self,
        built: pipelines.CodePipeline,
        wave: Wave,
        stages: Sequence[cdk.Stage],
        pipeline: Pipeline,
    ) -> None:
        """Add the stage of a wave, and before it the one that waits for an approval."""
        gates = steps.Gates(
            scope=self, source=self._source, assembly=self._synth, locks=self._locks, wave=wave
        )
        title = wave.name.title()
        if wave.approved and self._drill:
            review = gates.review()
            built.add_wave(f"{title}Approval", pre=[review, steps.approval(wave, review, self._drill)])
        access = AccessStage(self, f"{title}Access", wave=wave, pipeline=pipeline)
        added = built.add_wave(title, pre=[gates.hold()] if wave.drill else [])
        last = roll_out(added, [access, *stages], gates)
        if wave.drill:
            self._drill, release = gates.drill(wave.drill), gates.release()
            self._drill.add_step_dependency(last)
            release.add_step_dependency(self._drill)
            added.add_post(self._drill, release)


def roll_out(added: pipelines.Wave, stages: Sequence[cdk.Stage], gates: steps.Gates) -> pipelines.Step:
    """Add the stages of a deployment to its wave, with gates between them; return the last gate.

    Stages of a wave are deployed side by side, but for the steps that come after one and before the other.
    """
    access, data, secondary, primary, *routing = stages
    deployment = gates.wave.deployment
    table = gates.table()
    added.add_stage(access, post=[table])
    added.add_stage(data, post=[table])
    before: pipelines.Step = table
    for stage, role, region in (
        (secondary, "Secondary", deployment.secondary_region),
        (primary, "Primary", deployment.primary_region),
    ):
        smoke, bake = gates.smoke(role, region), gates.bake(role, region)
        bake.add_step_dependency(smoke)
        added.add_stage(stage, pre=[before], post=[smoke, bake])
        before = bake
    for stage in routing:
        added.add_stage(stage, pre=[before])
    return before


def roll_back(pipeline: codepipeline.Pipeline) -> None:
    """Have each stage that can be rolled back do so when it fails; CDK Pipelines has no word for it yet."""
    resource = cast(codepipeline.CfnPipeline, pipeline.node.default_child)
    for index, stage in enumerate(pipeline.stages):
        if not stage.stage_name.endswith(NEVER_ROLLED_BACK):
            resource.add_property_override(f"Stages.{index}.OnFailure.Result", "ROLLBACK")


def accept_what_cdk_makes(stack: cdk.Stack, built: pipelines.CodePipeline) -> None:
    """Accept what the constructs of CDK Pipelines ask for, each where it is needed."""
    found = carried.Findings.of(stack)
    found.accept(stack, carried.PIPELINE)
    found.accept(built.pipeline.node.find_child("Role"), carried.PIPELINE_ROLE)
    found.accept(built.node.find_child("UpdatePipeline"), carried.SELF_UPDATE)
    found.accept(built.node.find_child("Assets"), carried.PUBLISHING)
    supports = built.pipeline.cross_region_support.values()
    for bucket in (built.pipeline.artifact_bucket, *(support.replication_bucket for support in supports)):
        guardrails.acknowledge(cast(Construct, bucket), carried.ARTIFACTS)


def add_deployments(
    scope: Construct, deployments: Sequence[Deployment], *, pipelines: Sequence[Pipeline] = PIPELINES
) -> None:
    """Add deployments to an app, and each pipeline that it has every deployment of.

    Without one of them a pipeline would take that one for gone, and drop its stage.
    """
    stages = {deployment.name: deployment_stages(scope, deployment) for deployment in deployments}
    named = {deployment.name: deployment for deployment in deployments}
    for pipeline in pipelines:
        if set(pipeline.names) <= stages.keys():
            PipelineStack(scope, pipeline=pipeline.carrying(named), stages=stages)
