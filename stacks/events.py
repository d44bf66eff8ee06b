"""The stack that tells others in one Region what changed there."""

import aws_cdk as cdk
from aws_cdk import aws_events as events
from constructs import Construct

from stacks import guardrails, names
from stacks.constructs.dead_letters import DeadLetters
from stacks.constructs.gradual_release import GradualRelease
from stacks.constructs.regional_table import RegionalTable
from stacks.constructs.regional_topic import RegionalTopic
from stacks.constructs.releases import Releases
from stacks.constructs.stream_alarms import StreamAlarms
from stacks.constructs.stream_source import StreamSource
from stacks.constructs.table_stream import TableStream
from stacks.constructs.users_function import UsersFunction
from stacks.objectives import Thresholds
from stacks.sizing import FunctionPolicy


class EventsStack(cdk.Stack):
    """An event on a bus for each change to a user that was made in this Region, out of the table's stream."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: str,
        table_name: str,
        functions: FunctionPolicy,
        thresholds: Thresholds,
    ) -> None:
        super().__init__(scope, id)
        table = RegionalTable(self, "UsersTable", table_name=table_name)
        stream = TableStream(self, "TableStream", table=table, functions=functions)
        bus = events.EventBus(self, "Bus", description="Which users were created, updated or deleted here.")
        function = UsersFunction(
            self,
            "StreamFunction",
            handler="lambdas.users.handlers.stream.handler",
            environment={"EVENT_BUS_NAME": bus.event_bus_name},
            policy=functions,
        )
        bus.grant_put_events_to(function.role)
        topic = RegionalTopic(self, "AlarmTopic", name=names.alarm_topic(service)).topic
        releases = Releases(self, "Releases", canary_minutes=functions.canary_minutes, alarms=[], topic=topic)
        release = GradualRelease(self, "StreamRelease", function=function, releases=releases)
        dead_letters = DeadLetters(self, "DeadLetters")
        StreamSource(
            self,
            "StreamSource",
            stream=stream,
            function=function,
            alias=release.alias,
            dead_letters=dead_letters,
        )
        StreamAlarms(
            self,
            "StreamAlarms",
            topic=topic,
            function=function.function,
            dead_letters=dead_letters.queue,
            thresholds=thresholds,
        )
        cdk.CfnOutput(self, "EventBusArn", value=bus.event_bus_arn)

        guardrails.acknowledge(dead_letters, guardrails.DEAD_LETTERS)
