"""The stack with which a drill breaks one Region on AWS."""

import aws_cdk as cdk
from constructs import Construct

from stacks import names
from stacks.constructs.drill_stops import DrillStops
from stacks.constructs.expiring_log_group import ExpiringLogGroup
from stacks.constructs.function_stop import FunctionStop
from stacks.constructs.regional_topic import RegionalTopic
from stacks.constructs.replication_pause import ReplicationPause
from stacks.drills import Drills
from stacks.objectives import Thresholds
from stacks.sizing import LogPolicy
from stacks.table_metrics import TableMetrics


class ExperimentsStack(cdk.Stack):
    """Experiments that break this Region, with all that ends them: time, alarms, and AWS itself.

    It is in the Region that is broken, since an experiment reaches no other. `api_stack` is the name of the
    stack whose functions are stopped. Not yet run on AWS.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: str,
        table: TableMetrics,
        api_stack: str,
        drills: Drills,
        logs: LogPolicy,
        thresholds: Thresholds,
    ) -> None:
        super().__init__(scope, id)
        log_group = ExpiringLogGroup(self, "Logs", policy=logs).log_group
        stops = DrillStops(
            self,
            "Stops",
            service=service,
            table=table,
            thresholds=thresholds,
            topic=RegionalTopic(self, "AlarmTopic", name=names.alarm_topic(service)).topic,
        )
        ReplicationPause(
            self,
            "ReplicationPause",
            table_name=table.table_name,
            drills=drills,
            stops=stops,
            log_group=log_group,
        )
        FunctionStop(self, "FunctionStop", stack=api_stack, drills=drills, stops=stops, log_group=log_group)
