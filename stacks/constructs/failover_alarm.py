"""What tells an operator to fail over."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks import names
from stacks.constructs.told_alarm import tell
from stacks.domain import Domain
from stacks.stop_signal import METRIC, NAMESPACE, STOP, StopSignal


class FailoverAlarm(Construct):
    """Two alarms, never both: this Region fails its clients, and leaving it costs nothing, or writes.

    Health checks move clients by themselves when a Region answers nobody; this is for what they do not see, a
    Region that answers /health and fails many of the rest. `failing` is what clients notice, the fast burn of
    availability: errors of the table that retries hide are no reason to leave. `behind` are the alarms that
    say that the other Region has not got everything. Neither alarm acts. Whoever is on call does, who knows
    of a release that is to be rolled back instead. That both are silent proves nothing while CloudWatch is
    lost with the Region, and then the health checks act.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: str,
        domain: Domain,
        peer_region: str,
        topic: sns.ITopic,
        failing: cloudwatch.IAlarmRule,
        behind: Sequence[cloudwatch.IAlarmRule],
    ) -> None:
        super().__init__(scope, id)
        region = cdk.Stack.of(self).region
        late, steps = cloudwatch.AlarmRule.any_of(*behind), _steps(service, domain, region, peer_region)
        fail_over = cloudwatch.CompositeAlarm(
            self,
            "FailOver",
            composite_alarm_name=names.fail_over_alarm(service),
            alarm_description=(
                f"FAIL OVER. {region} fails its clients, and {peer_region} has what was written. {steps}"
            ),
            alarm_rule=cloudwatch.AlarmRule.all_of(failing, cloudwatch.AlarmRule.not_(late)),
        )
        with_loss = cloudwatch.CompositeAlarm(
            self,
            "FailOverWithLoss",
            composite_alarm_name=names.fail_over_with_loss_alarm(service),
            alarm_description=(
                f"DECIDE. {region} fails its clients, and {peer_region} lacks writes that were acknowledged: "
                f"a failover hides them, and loses those that it overwrites. If errors cost more: {steps}"
            ),
            alarm_rule=cloudwatch.AlarmRule.all_of(failing, late),
        )
        self.alarms = [fail_over, with_loss]
        for alarm in self.alarms:
            tell(alarm, topic)


def _steps(service: str, domain: Domain, region: str, peer_region: str) -> str:
    """Say what to do, and how to know before that it helps."""
    dimensions = StopSignal(service=service, region=region).dimensions
    listed = ",".join(f"{name}={value}" for name, value in dimensions.items())
    return (
        "1. If a release of the last hour did it, roll that back and stop here. "
        f"2. Clients are here if curl -si https://{domain.name}/health answers X-Region: {region}. "
        f"3. The other Region serves if https://{domain.of_region(peer_region)}/health answers 200. "
        f"4. Stop {region} from there: aws cloudwatch put-metric-data --region {peer_region} "
        f"--namespace {NAMESPACE} --metric-name {METRIC} --dimensions {listed} --value {STOP}"
    )
