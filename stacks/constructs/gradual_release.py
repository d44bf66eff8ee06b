"""The version of a function that is called, and how the next one takes its place."""

from collections.abc import Sequence
from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.constructs.releases import Releases
from stacks.constructs.told_alarm import ToldAlarm
from stacks.constructs.users_function import UsersFunction

ALIAS = "live"
ROLLS_BACK_ON = ("DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST")
# CodeDeploy reads an alias, moves it, and looks whether capacity was provisioned for it
# (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForLambdaLimited.html).
MOVE_ALIAS = ("lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias")
# AWS lets a service read alarms by their ARNs as well
# (https://docs.aws.amazon.com/r53recovery/latest/dg/security_iam_region_switch_cloudwatch.html).
READ_ALARMS = ("cloudwatch:DescribeAlarms",)


class GradualRelease(Construct):
    """The alias `live` of a function, which whoever calls it calls, and which CodeDeploy moves.

    When an alarm is raised, or a release fails or is stopped, the alias goes back to the version before, and
    the stack with it. An alarm that is raised already lets no release begin. Errors are counted of the new
    version alone, since among those of nine calls in ten they would be lost
    (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html).
    """

    def __init__(self, scope: Construct, id: str, *, function: UsersFunction, releases: Releases) -> None:
        super().__init__(scope, id)
        version = function.function.current_version
        errors = ToldAlarm(
            self,
            "Errors",
            topic=releases.topic,
            metric=_errors(function.function, version),
            threshold=1,
            periods=1,
            least=1,
            meaning=(
                "The newest version of a function raised an exception or ran out of time. A release of it "
                "goes back; look at the log of the function."
            ),
        ).alarm
        alarms = [*releases.alarms, errors]
        group = _group(self, releases, alarms)
        self.alias = lambda_.Alias(self, "Alias", alias_name=ALIAS, version=version)
        _move_by_codedeploy(self.alias, group)
        arn = function.function.function_arn
        for allowed, resources in (
            (MOVE_ALIAS, [arn, f"{arn}:{ALIAS}"]),
            (READ_ALARMS, [alarm.alarm_arn for alarm in alarms]),
        ):
            releases.role.add_to_policy(iam.PolicyStatement(actions=list(allowed), resources=resources))
        group.node.add_dependency(releases.role)  # and its rights: an alias may be moved once it has a group


def _errors(function: lambda_.Function, version: lambda_.Version) -> cloudwatch.Metric:
    """Count the calls through the alias that failed in one version."""
    return cloudwatch.Metric(
        namespace="AWS/Lambda",
        metric_name="Errors",
        dimensions_map={
            "FunctionName": function.function_name,
            "Resource": f"{function.function_name}:{ALIAS}",
            "ExecutedVersion": version.version,
        },
        statistic=cloudwatch.Stats.SUM,
        period=cdk.Duration.minutes(1),
    )


def _group(
    scope: Construct, releases: Releases, alarms: Sequence[cloudwatch.IAlarm]
) -> codedeploy.CfnDeploymentGroup:
    """Say how CodeDeploy moves an alias; the CDK's own group would give its role AWS's policy."""
    kind = codedeploy.CfnDeploymentGroup
    return kind(
        scope,
        "Group",
        application_name=releases.application_name,
        service_role_arn=releases.role.role_arn,
        deployment_config_name=releases.canary,
        deployment_style=kind.DeploymentStyleProperty(
            deployment_type="BLUE_GREEN", deployment_option="WITH_TRAFFIC_CONTROL"
        ),
        alarm_configuration=kind.AlarmConfigurationProperty(
            enabled=True, alarms=[kind.AlarmProperty(name=alarm.alarm_name) for alarm in alarms]
        ),
        auto_rollback_configuration=kind.AutoRollbackConfigurationProperty(
            enabled=True, events=list(ROLLS_BACK_ON)
        ),
    )


def _move_by_codedeploy(alias: lambda_.Alias, group: codedeploy.CfnDeploymentGroup) -> None:
    """Have CloudFormation hand a changed alias to CodeDeploy instead of changing it at once."""
    resource = cast(cdk.CfnResource, alias.node.default_child)  # which is what the CDK makes
    resource.cfn_options.update_policy = cdk.CfnUpdatePolicy(
        code_deploy_lambda_alias_update=cdk.CfnCodeDeployLambdaAliasUpdate(
            application_name=group.application_name, deployment_group_name=group.ref
        )
    )
