"""The stack that watches one Region."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from stacks import names
from stacks.api_metrics import ApiMetrics
from stacks.constructs.alarm_topic import AlarmTopic
from stacks.constructs.api_promises import ApiPromises
from stacks.constructs.failover_alarm import FailoverAlarm
from stacks.constructs.function_throttles import FunctionThrottles
from stacks.constructs.region_dashboard import RegionDashboard
from stacks.constructs.table_alarms import TableAlarms
from stacks.domain import Domain
from stacks.objectives import Objectives, Thresholds
from stacks.table_metrics import TableMetrics


class ObservabilityStack(cdk.Stack):
    """What one Region tells about itself: its dashboard, its alarms, and whom they are told.

    It finds the API and the table by their names. Without a domain nothing fails over, and nothing says so.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: str,
        table_name: str,
        peer_region: str,
        domain: Domain | None,
        objectives: Objectives,
        thresholds: Thresholds,
    ) -> None:
        super().__init__(scope, id)
        topic = AlarmTopic(self, "AlarmTopic", name=names.alarm_topic(service)).topic
        api = ApiMetrics(name=names.api(service))
        table = TableMetrics(table_name=table_name, peer_region=peer_region)
        promises = ApiPromises(
            self, "ApiPromises", topic=topic, api=api, objectives=objectives, thresholds=thresholds
        )
        tables = TableAlarms(self, "TableAlarms", topic=topic, table=table, thresholds=thresholds)
        throttles = FunctionThrottles(self, "FunctionThrottles", topic=topic, thresholds=thresholds)
        failover: Sequence[cloudwatch.IAlarm] = []
        if domain:
            failover = FailoverAlarm(
                self,
                "FailoverAlarm",
                service=service,
                domain=domain,
                peer_region=peer_region,
                topic=topic,
                failing=promises.availability.fast,
                behind=tables.behind,
            ).alarms
        dashboard = RegionDashboard(self, "Dashboard", objectives=objectives, thresholds=thresholds)
        dashboard.show_alarms([*failover, *promises.alarms, *tables.alarms, throttles.alarm])
        dashboard.show_api(api)
        dashboard.show_functions()
        dashboard.show_table(table)
        dashboard.show_stream()
