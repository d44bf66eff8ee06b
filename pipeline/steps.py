"""What the pipeline runs between deploying: the gates of a wave, each with rights of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import pipelines
from constructs import Construct

from pipeline.builds import INSTALL, PYTHON
from pipeline.config import Deployment
from pipeline.delivery import LOCK_MINUTES, Drill, Wave
from pipeline.partition import partition
from stacks import names
from stacks.constructs.locks import Locks

# How long a drill that somebody holds from elsewhere is waited for.
WAIT_MINUTES = 120
# boto3 and the AWS CLI act as the role of the deployment, and renew what they are lent
# (https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html).
ACT_AS = (
    "printf '[default]\\nrole_arn = %s\\ncredential_source = EcsContainer\\n' \"$ACT_AS\" > acting.cfg"
    ' && export AWS_CONFIG_FILE="$PWD/acting.cfg"'
)


@dataclass(frozen=True, kw_only=True)
class Gates:
    """The steps of one wave; `scope` is where their roles are made.

    Those that look at a deployment share one role, those that hold its lock another; a smoke test has none
    but CodeBuild's own, since it asks the API as anybody would.
    """

    scope: Construct
    source: pipelines.IFileSetProducer
    assembly: pipelines.IFileSetProducer
    locks: Locks
    wave: Wave

    def hold(self) -> pipelines.CodeBuildStep:
        """Wait until nobody drills the deployment, and let nobody begin."""
        command = f"hold --minutes {LOCK_MINUTES} --wait-minutes {WAIT_MINUTES}"
        return self._gate("Hold", command, role="lock", minutes=WAIT_MINUTES + 15)

    def release(self) -> pipelines.CodeBuildStep:
        """Let others drill the deployment again."""
        return self._gate("Release", "release", role="lock", minutes=15)

    def table(self) -> pipelines.CodeBuildStep:
        """See the table whole in both Regions."""
        return self._gate("Table", "table", role="gate", minutes=15)

    def smoke(self, role: str, region: str) -> pipelines.CodeBuildStep:
        """Use the API of one Region."""
        return self._gate(f"{role}Smoke", f"smoke --region {region}", role=None, minutes=15)

    def bake(self, role: str, region: str) -> pipelines.CodeBuildStep:
        """See the alarms of one Region quiet for as long as the wave asks."""
        seconds = self.wave.bake_seconds
        command = f"bake --region {region} --seconds {seconds}"
        return self._gate(f"{role}Bake", command, role="gate", minutes=seconds // 60 + 30)

    def drill(self, drill: Drill) -> pipelines.CodeBuildStep:
        """Hold the failover drill; `VERDICT` is what it found."""
        where = f"--on {self.wave.name} --time-scale {drill.time_scale} --reports drill"
        held = f"{PYTHON} -m pipeline.drill run {where} --json"
        said = f"{PYTHON} -c \"import json; print(json.load(open('drill/verdict.json'))['summary'])\""
        return self._step(
            "Drill",
            [
                "mkdir -p drill",
                f"{held} > drill/verdict.json || {{ cat drill/verdict.json; {said}; false; }}",
                f'VERDICT="$({said})" && export VERDICT',
            ],
            role="drill",
            minutes=120,
            output="drill",
        )

    def review(self) -> pipelines.CodeBuildStep:
        """Compare templates with what is deployed; `CHANGE` is a line, and `LOG` where there is more."""
        log = 'export LOG="$CODEBUILD_BUILD_URL"'
        command = f"{PYTHON} -m pipeline.gate review --on {self.wave.name} --assembly assembly --to review"
        return self._step(
            "Review",
            [f'CHANGE="$({command})" && export CHANGE', "cat review/templates.diff", log],
            role="gate",
            minutes=15,
            output="review",
            inputs={"assembly": self.assembly},
        )

    def _gate(self, name: str, command: str, *, role: str | None, minutes: int) -> pipelines.CodeBuildStep:
        full = f"{PYTHON} -m pipeline.gate {command} --on {self.wave.name}"
        return self._step(name, [full], role=role, minutes=minutes)

    def _step(
        self,
        name: str,
        commands: Sequence[str],
        *,
        role: str | None,
        minutes: int,
        output: str | None = None,
        inputs: Mapping[str, pipelines.IFileSetProducer] | None = None,
    ) -> pipelines.CodeBuildStep:
        acting = role in {"gate", "drill"}
        return pipelines.CodeBuildStep(
            f"{self.wave.name.title()}{name}",
            input=self.source,
            additional_inputs=inputs,
            install_commands=[f"{INSTALL} infra"],
            commands=[*([ACT_AS] if acting else []), *commands],
            env={"ACT_AS": _act_as(self.wave.deployment, str(role))} if acting else None,
            role=self._role(role) if role else None,
            primary_output_directory=output,
            timeout=cdk.Duration.minutes(minutes),
        )

    def _role(self, part: str) -> iam.IRole:
        """The role of one kind of step, made when it is first asked for."""
        deployment = self.wave.deployment
        id_ = f"{self.wave.name.title()}{part.title()}Role"
        if found := self.scope.node.try_find_child(id_):
            return cast(iam.Role, found)
        name = names.pipeline_role(deployment.service, part)
        build = iam.ServicePrincipal("codebuild.amazonaws.com")
        role = iam.Role(self.scope, id_, role_name=name, assumed_by=build)
        if part == "lock":
            self.locks.grant(role, deployment.name)
        else:
            role.add_to_policy(
                iam.PolicyStatement(actions=["sts:AssumeRole"], resources=[_act_as(deployment, part)])
            )
        return role


def approval(wave: Wave, review: pipelines.CodeBuildStep, drill: pipelines.CodeBuildStep) -> pipelines.Step:
    """Wait for somebody who is shown the drill's verdict and what changes, with a link to all of it."""
    log = review.exported_variable("LOG")  # CDK Pipelines sees what a comment refers to, and no more
    verdict, change = drill.exported_variable("VERDICT"), review.exported_variable("CHANGE")
    step = pipelines.ManualApprovalStep(
        f"{wave.name.title()}Approve",
        comment=f"Drill: {verdict} | Change of {wave.name}: {change} | All of it: {log}",
        review_url=log,
    )
    step.add_step_dependency(review)
    return step


def _act_as(deployment: Deployment, part: str) -> str:
    """The role of the deployment's account that a step acts as."""
    name = names.gate_role(deployment.service) if part == "gate" else names.drill_role(deployment.service)
    return f"arn:{partition(deployment.primary_region)}:iam::{deployment.account}:role/{name}"
