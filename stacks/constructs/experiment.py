"""One experiment of AWS Fault Injection Service."""

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_fis as fis
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks import guardrails
from stacks.constructs.drill_stops import DrillStops
from stacks.constructs.experiment_rights import ExperimentRights
from stacks.drills import FAULT

Action = fis.CfnExperimentTemplate.ExperimentTemplateActionProperty
Target = fis.CfnExperimentTemplate.ExperimentTemplateTargetProperty


class Experiment(Construct):
    """A template with one action, with a role of its own, that any of `stops` ends early.

    `fault` is the tag by which the drill finds it. `role` may log what the experiment does, and find what it
    is aimed at; the rest is granted by whoever makes the action. Not yet run on AWS.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        fault: str,
        description: str,
        action: Action,
        targets: Mapping[str, Target],
        stops: DrillStops,
        log_group: logs.ILogGroup,
    ) -> None:
        super().__init__(scope, id)
        self.role = iam.Role(self, "Role", assumed_by=_fis())
        rights = ExperimentRights(self, "Rights", role=self.role)
        guardrails.acknowledge(rights, guardrails.EXPERIMENT)
        template = fis.CfnExperimentTemplate(
            self,
            "Template",
            description=description,
            role_arn=self.role.role_arn,
            actions={"Fault": action},
            targets=dict(targets),
            stop_conditions=list(stops.conditions),
            experiment_options=fis.CfnExperimentTemplate.ExperimentTemplateExperimentOptionsProperty(
                account_targeting="single-account", empty_target_resolution_mode="fail"
            ),
            log_configuration=fis.CfnExperimentTemplate.ExperimentTemplateLogConfigurationProperty(
                log_schema_version=2,
                # The CDK writes its own type for this with a small letter, which CloudFormation refuses.
                cloud_watch_logs_configuration={"LogGroupArn": log_group.log_group_arn},
            ),
            tags={FAULT: fault},
        )
        template.apply_removal_policy(cdk.RemovalPolicy.DESTROY)
        template.node.add_dependency(self.role)


def _fis() -> iam.IPrincipal:
    """FIS, for experiments of this account and Region alone.

    So that nobody's experiment elsewhere acts with the role
    (https://docs.aws.amazon.com/fis/latest/userguide/getting-started-iam-service-role.html).
    """
    experiments = f"arn:{cdk.Aws.PARTITION}:fis:{cdk.Aws.REGION}:{cdk.Aws.ACCOUNT_ID}:experiment/*"
    conditions = {
        "StringEquals": {"aws:SourceAccount": cdk.Aws.ACCOUNT_ID},
        "ArnLike": {"aws:SourceArn": experiments},
    }
    return iam.ServicePrincipal("fis.amazonaws.com", conditions=conditions)
