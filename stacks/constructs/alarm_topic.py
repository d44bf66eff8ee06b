"""Where the alarms of one Region are told."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

ALARMS = "cloudwatch.amazonaws.com"
EVENTS = "events.amazonaws.com"


class AlarmTopic(Construct):
    """A topic for the alarms of this account and Region, to which whoever is on call subscribes.

    Its key is the deployment's own: alarms are refused by a topic that is encrypted with the key that AWS
    manages, whose policy cannot be changed (https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns).
    Rules of EventBridge tell it of jobs that failed. Topic and key go with their stack: nothing is kept in a
    topic that the alarms would not say again.
    """

    def __init__(self, scope: Construct, id: str, *, name: str) -> None:
        super().__init__(scope, id)
        key = kms.Key(
            self,
            "Key",
            description=f"Encrypts what alarms say to {name}.",
            enable_key_rotation=True,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        self.topic = sns.Topic(self, "Topic", topic_name=name, master_key=key, enforce_ssl=True)
        self.topic.apply_removal_policy(cdk.RemovalPolicy.DESTROY)
        key.add_to_resource_policy(self._allow("kms:Decrypt", "kms:GenerateDataKey*", resource="*"))
        self.topic.add_to_resource_policy(self._allow("sns:Publish", resource=self.topic.topic_arn))
        key.add_to_resource_policy(_allow_rules("kms:Decrypt", "kms:GenerateDataKey", resource="*"))
        self.topic.add_to_resource_policy(_allow_rules("sns:Publish", resource=self.topic.topic_arn))

    def _allow(self, *actions: str, resource: str) -> iam.PolicyStatement:
        """Let alarms of this account and Region do something, and no one else's through the same service."""
        stack = cdk.Stack.of(self)
        alarms = stack.format_arn(
            service="cloudwatch",
            resource="alarm",
            resource_name="*",
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )
        return iam.PolicyStatement(
            principals=[iam.ServicePrincipal(ALARMS)],
            actions=list(actions),
            resources=[resource],
            conditions={
                "StringEquals": {"aws:SourceAccount": stack.account},
                "ArnLike": {"aws:SourceArn": alarms},
            },
        )


def _allow_rules(*actions: str, resource: str) -> iam.PolicyStatement:
    """Let rules of EventBridge do something, without a condition, which would let none of them.

    EventBridge says neither account nor rule to a topic or to its key
    (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html,
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html).
    """
    return iam.PolicyStatement(
        principals=[iam.ServicePrincipal(EVENTS)], actions=list(actions), resources=[resource]
    )
