"""One answer of a name that fails over."""

from aws_cdk import aws_route53 as route53
from constructs import Construct

from stacks.domain import Domain


class FailoverRecord(Construct):
    """Leads the shared name to one Region, as PRIMARY or SECONDARY, for one record type (A or AAAA).

    It is an alias to the Region's origin record of the same type and zone, and not to the domain name that
    API Gateway made: that is known only to the stack that made it, in another Region, while the origin has a
    name that both can derive. A failover alias must evaluate the health of its target; an origin has no
    health check, so what counts is `health_check_id` (https://docs.aws.amazon.com/Route53/latest/
    DeveloperGuide/resource-record-sets-values-failover-alias.html). The alias has the TTL of what it ends at,
    60 s for API Gateway (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/
    resource-record-sets-choosing-alias-non-alias.html).
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        domain: Domain,
        region: str,
        role: str,
        type: str,
        health_check_id: str,
    ) -> None:
        super().__init__(scope, id)
        route53.CfnRecordSet(
            self,
            "Resource",
            hosted_zone_id=domain.hosted_zone_id,
            name=domain.name,
            type=type,
            set_identifier=region,
            failover=role,
            health_check_id=health_check_id,
            alias_target=route53.CfnRecordSet.AliasTargetProperty(
                dns_name=domain.origin(region),
                hosted_zone_id=domain.hosted_zone_id,
                evaluate_target_health=True,
            ),
        )
