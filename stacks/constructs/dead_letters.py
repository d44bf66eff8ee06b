"""Where batches end that could not be processed."""

import aws_cdk as cdk
from aws_cdk import aws_sqs as sqs
from constructs import Construct


class DeadLetters(Construct):
    """A queue that keeps, for as long as SQS can, which records of a stream were given up.

    Lambda sends it their sequence numbers and no row, so it holds nothing of any user. It goes with its
    stack: the records themselves are in the stream for a day, and what they said is in the table for good.
    """

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=cdk.Duration.days(14),
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
