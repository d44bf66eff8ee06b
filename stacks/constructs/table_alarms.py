"""The alarms of one Region's replica of the users table."""

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.constructs.told_alarm import ToldAlarm
from stacks.objectives import Thresholds
from stacks.table_metrics import TableMetrics


class TableAlarms(Construct):
    """What is wrong with the table here, and with what leaves it for the other Region.

    `behind` are the alarms that say that the other Region does not have all that was acknowledged here.
    """

    def __init__(
        self, scope: Construct, id: str, *, topic: sns.ITopic, table: TableMetrics, thresholds: Thresholds
    ) -> None:
        super().__init__(scope, id)
        self._topic, self._table, self._thresholds = topic, table, thresholds
        self.behind = [self._replication_lag(), self._unreplicated_writes()]
        self.alarms = [self._system_errors(), self._throttled_requests(), *self.behind]

    def _system_errors(self) -> cloudwatch.Alarm:
        """Tell of faults of DynamoDB that last for minutes."""
        return ToldAlarm(
            self,
            "SystemErrors",
            topic=self._topic,
            metric=self._table.system_errors(),
            threshold=self._thresholds.system_errors,
            periods=5,
            least=3,
            meaning=(
                f"DynamoDB answers requests to {self._table.table_name} with errors of its own. Look at the "
                "AWS Health Dashboard of this Region, and whether the API's availability burns."
            ),
        ).alarm

    def _throttled_requests(self) -> cloudwatch.Alarm:
        """Tell of refusals that last for minutes."""
        return ToldAlarm(
            self,
            "ThrottledRequests",
            topic=self._topic,
            metric=self._table.throttled_requests(),
            threshold=self._thresholds.throttled_requests,
            periods=5,
            least=3,
            meaning=(
                f"DynamoDB refuses requests to {self._table.table_name}. Look for one user or one shard that "
                "all write to, for traffic that doubled in minutes, and at the account's table quotas."
            ),
        ).alarm

    def _replication_lag(self) -> cloudwatch.Alarm:
        """Tell of replication that is slow; held for a second period, so that gaps do not end it."""
        return ToldAlarm(
            self,
            "ReplicationLag",
            topic=self._topic,
            metric=self._table.replication_lag(),
            threshold=self._thresholds.replication_lag_ms,
            periods=2,
            least=1,
            meaning=(
                f"Writes made here reach {self._table.peer_region} late: a failover now would lose more than "
                "usual. Look at the AWS Health Dashboard of both Regions, and at the table's throttles there."
            ),
        ).alarm

    def _unreplicated_writes(self) -> cloudwatch.Alarm:
        """Tell of replication that stands still; the last period may only be late, three in a row are not."""
        return ToldAlarm(
            self,
            "UnreplicatedWrites",
            topic=self._topic,
            metric=self._table.unreplicated_writes(),
            threshold=self._thresholds.unreplicated_writes,
            periods=3,
            least=3,
            meaning=(
                f"Users are written here and nothing arrives in {self._table.peer_region}: replication "
                "stands still. Look at the replica's status with DescribeTable, and at its permissions. A "
                "replica that cannot replicate for 20 hours is lost."
            ),
        ).alarm
