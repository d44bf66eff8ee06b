"""The stack that lets one Region stop the other."""

import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks import names
from stacks.constructs.stop_switch import StopSwitch
from stacks.stop_signal import StopSignal


class SwitchStack(cdk.Stack):
    """The signal, kept in this Region, that takes the other one out of DNS.

    It needs nothing of the Region that it stops. People are told on the alarm topic of its own Region, which
    it finds by name.
    """

    def __init__(self, scope: Construct, id: str, *, service: str, stops: str) -> None:
        super().__init__(scope, id)
        topic = sns.Topic.from_topic_arn(
            self, "AlarmTopic", self.format_arn(service="sns", resource=names.alarm_topic(service))
        )
        StopSwitch(
            self,
            "StopSwitch",
            name=names.stop_alarm(service, stops),
            signal=StopSignal(service=service, region=stops),
            topic=topic,
        )
