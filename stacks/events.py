"""The stack that tells others in one Region what changed there."""

import aws_cdk as cdk
from aws_cdk import aws_events as events
from constructs import Construct

from stacks import guardrails
from stacks.bundling import Target
from stacks.constructs.dead_letters import DeadLetters
from stacks.constructs.regional_table import RegionalTable
from stacks.constructs.stream_source import StreamSource
from stacks.constructs.table_stream import TableStream
from stacks.constructs.users_function import UsersFunction
from stacks.sizing import FunctionSize, LogPolicy


class EventsStack(cdk.Stack):
    """An event on a bus for each change to a user that was made in this Region, out of the table's stream."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        table_name: str,
        target: Target,
        function_size: FunctionSize,
        logs: LogPolicy,
    ) -> None:
        super().__init__(scope, id)
        table = RegionalTable(self, "UsersTable", table_name=table_name)
        stream = TableStream(self, "TableStream", table=table, target=target, logs=logs)
        bus = events.EventBus(self, "Bus", description="Which users were created, updated or deleted here.")
        function = UsersFunction(
            self,
            "StreamFunction",
            handler="lambdas.users.handlers.stream.handler",
            target=target,
            environment={"EVENT_BUS_NAME": bus.event_bus_name},
            size=function_size,
            logs=logs,
        )
        bus.grant_put_events_to(function.role)
        dead_letters = DeadLetters(self, "DeadLetters")
        StreamSource(self, "StreamSource", stream=stream, function=function, dead_letters=dead_letters)
        cdk.CfnOutput(self, "EventBusArn", value=bus.event_bus_arn)

        guardrails.acknowledge(dead_letters, guardrails.DEAD_LETTERS)
