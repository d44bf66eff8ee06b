"""The names under which one Region answers."""

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_route53 as route53
from constructs import Construct

from stacks.constructs.custom_domain import CustomDomain
from stacks.domain import Domain


class RegionalDomain(Construct):
    """The Region's own name, and the one that it shares with the others, each with a certificate.

    DNS leads the Region's own name here whatever happens. The shared name is led by failover records, which
    are made once and end at the origin record of whichever Region serves.
    """

    def __init__(self, scope: Construct, id: str, *, domain: Domain, stage: apigateway.Stage) -> None:
        super().__init__(scope, id)
        region = cdk.Stack.of(self).region
        zone = route53.HostedZone.from_hosted_zone_attributes(
            self, "Zone", hosted_zone_id=domain.hosted_zone_id, zone_name=domain.hosted_zone_name
        )
        own = domain.of_region(region)
        for id_, name, record in (("Own", own, own), ("Shared", domain.name, domain.origin(region))):
            CustomDomain(self, id_, name=name, record=record, zone=zone, stage=stage)
