"""Whether one Region may be given out as an answer of DNS."""

import aws_cdk as cdk
from aws_cdk import aws_route53 as route53
from constructs import Construct

PATH = "/health"


class RegionHealth(Construct):
    """A Region is well while its API answers and nobody stopped it from the other Region.

    `hostname` is the Region's own name, which needs an A record, since a name is checked over IPv4 alone.
    With the shared name, whose records depend on the result, "results will be unpredictable"
    (https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html), and the name that
    API Gateway gives out is disabled. A checker asks every 10 s and wants an answer of 2xx or 3xx within 2 s
    of connecting; three in a row decide for it, and more than 18 % of the checkers for the endpoint
    (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html).

    `stop_alarm` is the name of an alarm in `stop_alarm_region`. Without data from there the switch stays as
    it was last seen, and is healthy where it was never seen, so that losing the Region that keeps the switch
    stops nothing. A disabled check would count as healthy, so none is disabled to stop a Region.

    Neither the type nor the interval of a health check can be changed, nor whether it measures latency: to
    change one is to make a new check, under a new logical id.
    """

    def __init__(
        self, scope: Construct, id: str, *, name: str, hostname: str, stop_alarm: str, stop_alarm_region: str
    ) -> None:
        super().__init__(scope, id)
        endpoint = route53.HealthCheck(
            self,
            "Endpoint",
            type=route53.HealthCheckType.HTTPS,
            fqdn=hostname,
            port=443,
            resource_path=PATH,
            request_interval=cdk.Duration.seconds(10),
            failure_threshold=3,
            enable_sni=True,
            measure_latency=False,
        )
        switch = route53.HealthCheck(
            self,
            "Switch",
            type=route53.HealthCheckType.CLOUDWATCH_METRIC,
            alarm_identifier=route53.AlarmIdentifier(name=stop_alarm, region=stop_alarm_region),
            insufficient_data_health_status=route53.InsufficientDataHealthStatusEnum.LAST_KNOWN_STATUS,
        )
        both = route53.HealthCheck(
            self,
            "Both",
            type=route53.HealthCheckType.CALCULATED,
            child_health_checks=[endpoint, switch],
            health_threshold=2,
        )
        for check, part in ((endpoint, "endpoint"), (switch, "switch"), (both, "both")):
            cdk.Tags.of(check).add("Name", f"{name} {part}")
        self.health_check_id = both.health_check_id
