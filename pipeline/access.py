"""The stage that lets the pipeline into a deployment's account."""

import aws_cdk as cdk
from constructs import Construct

from pipeline.delivery import Pipeline, Wave
from pipeline.drill.aws.rights import policy
from pipeline.partition import partition
from stacks import carried, guardrails, names
from stacks.access import AccessStack


class AccessStage(cdk.Stage):
    """What is there once in the account of a deployment that a pipeline deploys."""

    def __init__(self, scope: Construct, id: str, *, wave: Wave, pipeline: Pipeline) -> None:
        deployment = wave.deployment
        env = cdk.Environment(account=deployment.account, region=deployment.primary_region)
        super().__init__(scope, id, env=env, stage_name=id)
        stack = AccessStack(
            self,
            "Access",
            service=deployment.service,
            prefix=deployment.name.title(),
            table_name=deployment.table_name,
            trusted_account=pipeline.account,
            regions=[deployment.primary_region, deployment.secondary_region],
            drill=policy(deployment)["Statement"] if wave.drill else [],
        )
        github = None
        if wave.drill and pipeline.github:
            github = stack.let_github_drill(pipeline.github, deployment=wave.name, locks=_locks(pipeline))
        guardrails.tag(self, deployment=deployment.name)
        found = carried.Findings.of(self)
        found.accept(stack.looking, carried.LOOKING)
        if stack.drilling:
            found.accept(stack.drilling, carried.DRILLING)
        if github:
            found.accept(github, carried.DRILLING)


def _locks(pipeline: Pipeline) -> str:
    """The table of the locks, as another account names it."""
    place = f"{pipeline.region}:{pipeline.account}"
    return f"arn:{partition(pipeline.region)}:dynamodb:{place}:table/{names.LOCKS}"
