"""The topic of one Region's alarms, as a stack that did not make it names it."""

import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from constructs import Construct


class RegionalTopic(Construct):
    """The topic here, by the name that all Regions share; it allows any alarm of its Region to publish."""

    def __init__(self, scope: Construct, id: str, *, name: str) -> None:
        super().__init__(scope, id)
        arn = cdk.Stack.of(self).format_arn(service="sns", resource=name)
        self.topic = sns.Topic.from_topic_arn(self, "Topic", arn)
