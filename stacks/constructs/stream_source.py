"""What has Lambda read a table's stream for a function."""

import json
from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.constructs.dead_letters import DeadLetters
from stacks.constructs.table_stream import TableStream
from stacks.constructs.users_function import UsersFunction

READ_STREAM = (
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
)
BATCH_SIZE = 100
# A batch that fails is tried again, with growing pauses and in halves, until one record is left of it. Six of
# the 24 hours that a stream keeps its records leave time to read the rest once the cause is gone.
MOST_RETRIES = 50
MOST_AGE = cdk.Duration.hours(6)


class StreamSource(Construct):
    """The changes to users that were made in this Region, in batches; each is delivered at least once.

    Filtering costs nothing, and most records are not for the function: claims, versions that a current row
    tells, what expired, and all that replication brought.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        stream: TableStream,
        function: UsersFunction,
        alias: lambda_.IAlias,
        dead_letters: DeadLetters,
    ) -> None:
        super().__init__(scope, id)
        function.role.add_to_policy(iam.PolicyStatement(actions=list(READ_STREAM), resources=[stream.arn]))
        queue_arn = dead_letters.queue.queue_arn
        function.role.add_to_policy(iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[queue_arn]))
        mapping = lambda_.CfnEventSourceMapping(
            self,
            "Mapping",
            function_name=alias.function_arn,
            event_source_arn=stream.arn,
            starting_position="TRIM_HORIZON",  # LATEST may pass over what is written while it starts
            batch_size=BATCH_SIZE,
            parallelization_factor=1,
            filter_criteria={"filters": _filters(cdk.Stack.of(self).region)},
            function_response_types=["ReportBatchItemFailures"],
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=MOST_RETRIES,
            maximum_record_age_in_seconds=MOST_AGE.to_seconds(),
            destination_config={"onFailure": {"destination": queue_arn}},
        )
        mapping.node.add_dependency(function.role)  # Lambda tries the role's rights when it makes the mapping


def _filters(region: str) -> Sequence[dict[str, str]]:
    """Let through current rows that were written here, and the history rows of deletions made here.

    Deletions are told by those, since the current row is gone by then, and its last image names the Region of
    the last write. Rows that expire match neither.
    """
    here = {"region": {"S": [region]}}
    current = {
        "eventName": ["INSERT", "MODIFY"],
        "dynamodb": {"Keys": {"timestamp": {"S": ["CURRENT"]}}, "NewImage": here},
    }
    tombstone = {
        "eventName": ["INSERT"],
        "dynamodb": {"NewImage": {"change": {"S": ["deleted"]}, **here}},
    }
    return [{"pattern": json.dumps(pattern)} for pattern in (current, tombstone)]
