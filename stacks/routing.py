"""The stack that leads a deployment's name to the Region that serves."""

import aws_cdk as cdk
from constructs import Construct

from stacks import names
from stacks.constructs.failover_record import FailoverRecord
from stacks.constructs.region_health import RegionHealth
from stacks.domain import Domain

RECORD_TYPES = ("A", "AAAA")


class RoutingStack(cdk.Stack):
    """Failover records for the shared name, each with the health of its Region.

    All of it exists before anything fails: a failover changes no record and no health check, it only sends
    the signal of a StopSwitch, or nothing at all where the Region stopped answering by itself. While both
    Regions are unwell Route 53 answers with the primary one.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: str,
        domain: Domain,
        primary_region: str,
        secondary_region: str,
    ) -> None:
        super().__init__(scope, id)
        for role, region, other in (
            ("PRIMARY", primary_region, secondary_region),
            ("SECONDARY", secondary_region, primary_region),
        ):
            health = RegionHealth(
                self,
                f"{role.title()}Health",
                name=f"{service} {region}",
                hostname=domain.of_region(region),
                stop_alarm=names.stop_alarm(service, region),
                stop_alarm_region=other,
            )
            for type_ in RECORD_TYPES:
                FailoverRecord(
                    self,
                    f"{role.title()}Record{type_}",
                    domain=domain,
                    region=region,
                    role=role,
                    type=type_,
                    health_check_id=health.health_check_id,
                )
