"""The metrics of one Region's replica of the users table, found by the table's name."""

from collections.abc import Sequence
from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

# What the functions ask of the table, by the names of the metrics' dimension. All writes are transactions,
# but for the batches that remove the rows of a deleted user.
OPERATIONS: Sequence[str] = (
    "BatchGetItem",
    "BatchWriteItem",
    "GetItem",
    "Query",
    "Scan",
    "TransactWriteItems",
)
MINUTE = cdk.Duration.minutes(1)
# Among the metrics that DynamoDB aggregates over one minute, ReplicationLatency is not
# (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html).
REPLICATION_PERIOD = cdk.Duration.minutes(5)


@dataclass(frozen=True, kw_only=True)
class TableMetrics:
    """What DynamoDB counts of a replica.

    Those for alarms are never missing: an alarm on a metric of AWS/DynamoDB ignores missing data whatever it
    was told, and would stay raised for ever after the last error
    (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html).
    """

    table_name: str
    peer_region: str

    def metric(
        self, metric_name: str, statistic: str, period: cdk.Duration = MINUTE, **dimensions: str
    ) -> cloudwatch.Metric:
        """One metric of the table, by its name in AWS/DynamoDB."""
        return cloudwatch.Metric(
            namespace="AWS/DynamoDB",
            metric_name=metric_name,
            dimensions_map={"TableName": self.table_name, **dimensions},
            statistic=statistic,
            period=period,
            label=" ".join((metric_name, *dimensions.values())),
        )

    def system_errors(self) -> cloudwatch.MathExpression:
        """How many requests a minute DynamoDB answered 500, over all operations."""
        return self._sum("SystemErrors", "System errors")

    def throttled_requests(self) -> cloudwatch.MathExpression:
        """How many requests a minute DynamoDB refused in the table or an index, over all operations.

        Of a batch it counts only one that was refused as a whole.
        """
        return self._sum("ThrottledRequests", "Throttled requests")

    def replication_lag(self) -> cloudwatch.MathExpression:
        """How many milliseconds a write here takes into the other Region, on average; 0 without writes.

        DynamoDB publishes it in the Region of the write.
        """
        return cloudwatch.MathExpression(
            expression="FILL(lag, 0)",
            using_metrics={"lag": self._lag()},
            period=REPLICATION_PERIOD,
            label="Replication lag",
        )

    def unreplicated_writes(self) -> cloudwatch.MathExpression:
        """How many transactions were written here in a period in which nothing reached the other Region.

        Replication that stands still has no latency, so what it does not say is held against the requests of
        this Region's clients; those that replication brings are not among them.
        """
        writes = self.metric(
            "SuccessfulRequestLatency",
            cloudwatch.Stats.SAMPLE_COUNT,
            REPLICATION_PERIOD,
            Operation="TransactWriteItems",
        )
        return cloudwatch.MathExpression(
            expression="IF(FILL(lag, -1) < 0, FILL(writes, 0), 0)",
            using_metrics={"lag": self._lag(), "writes": writes},
            period=REPLICATION_PERIOD,
            label="Writes without replication",
        )

    def _lag(self) -> cloudwatch.Metric:
        """The metric behind both."""
        return self.metric(
            "ReplicationLatency",
            cloudwatch.Stats.AVERAGE,
            REPLICATION_PERIOD,
            ReceivingRegion=self.peer_region,
        )

    def _sum(self, metric_name: str, label: str) -> cloudwatch.MathExpression:
        """Add up what is counted for each operation by itself."""
        metrics = {
            operation.lower(): self.metric(metric_name, cloudwatch.Stats.SUM, Operation=operation)
            for operation in OPERATIONS
        }
        return cloudwatch.MathExpression(
            expression=" + ".join(f"FILL({id_}, 0)" for id_ in metrics),
            using_metrics=dict(metrics),
            period=MINUTE,
            label=label,
        )
