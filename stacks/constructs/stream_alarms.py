"""The alarms on how changes to users are told to others."""

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.constructs.told_alarm import ToldAlarm
from stacks.objectives import Thresholds
from stacks.stream_metrics import iterator_age, waiting_messages


class StreamAlarms(Construct):
    """Changes that are told late, and changes that are told no more.

    They stand beside function and queue, whose generated names no other stack knows. No age is no record to
    read, and a queue of which SQS says nothing is empty: it falls silent six hours after its last message
    (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/
    sqs-monitoring-using-cloudwatch.html).
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        topic: sns.ITopic,
        function: lambda_.IFunction,
        dead_letters: sqs.IQueue,
        thresholds: Thresholds,
    ) -> None:
        super().__init__(scope, id)
        ToldAlarm(
            self,
            "Age",
            topic=topic,
            metric=iterator_age(function.function_name),
            threshold=thresholds.stream_age_seconds * 1000,
            periods=5,
            least=3,
            meaning=(
                "Events about users are told late: the oldest record of the stream has waited too long. Look "
                "at the errors in the log of the stream's function, and at its throttles."
            ),
        )
        ToldAlarm(
            self,
            "DeadLetters",
            topic=topic,
            metric=waiting_messages(dead_letters.queue_name),
            threshold=thresholds.dead_letters,
            periods=1,
            least=1,
            meaning=(
                "Changes to users were given up and nobody was told of them. A message of the queue names "
                "the records of the stream, which keeps them for 24 hours; what they said is in the table."
            ),
        )
