"""The metrics of how changes to users are told to others in one Region."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

MINUTE = cdk.Duration.minutes(1)


def iterator_age(function_name: str) -> cloudwatch.Metric:
    """For how many milliseconds the last record of a batch had waited when a function got it, at most."""
    return cloudwatch.Metric(
        namespace="AWS/Lambda",
        metric_name="IteratorAge",
        dimensions_map={"FunctionName": function_name},
        statistic=cloudwatch.Stats.MAXIMUM,
        period=MINUTE,
    )


def waiting_messages(queue_name: str) -> cloudwatch.Metric:
    """How many messages of a queue wait to be read, at most."""
    return cloudwatch.Metric(
        namespace="AWS/SQS",
        metric_name="ApproximateNumberOfMessagesVisible",
        dimensions_map={"QueueName": queue_name},
        statistic=cloudwatch.Stats.MAXIMUM,
        period=MINUTE,
    )
