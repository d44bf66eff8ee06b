"""A deployment on AWS as the place of a drill; not yet run on AWS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from pipeline.config import Deployment
from pipeline.drill.acts import Acts
from pipeline.drill.aws import dns, metrics, trail
from pipeline.drill.aws.answers import Answers
from pipeline.drill.aws.faults import AwsFaults
from pipeline.drill.aws.permission import permit
from pipeline.drill.aws.probes import AwsProbes, Watched, region_at, shared_name
from pipeline.drill.clock import Clock
from pipeline.drill.disturbance import Disturbances
from pipeline.drill.faults import FaultError
from pipeline.drill.place import Place
from pipeline.drill.region import Region
from pipeline.drill.step import Role
from pipeline.partition import partition

SERVICES = ("cloudwatch", "dynamodb", "fis", "lambda", "resourcegroupstaggingapi")
AGENT = "users-drill"  # in the User-Agent of every call that the drill makes
LIMITS = (
    "Not yet run on AWS: unit tests with recorded answers are all that this has passed.",
    "A Region of AWS cannot be taken away: functions are stopped, and everything else stays well.",
    "Replication that is paused is paused in both directions, and takes up to five minutes to stand still.",
    "An experiment takes a minute or more to break anything; the outage counts from when it is seen.",
    "Health is known to the minute, by CloudWatch; answers of DNS are those that the drill's clients got.",
    "How far replication is behind is known for five minutes at a time.",
    "Of calls to control planes those by roles of the deployment count, not those of people in the account.",
    "All clients are on one machine, behind one resolver.",
    "Stops and fences are put right by a process on the drill's machine, with its credentials, or by hand.",
)

# Makes a client of a service in a Region.
Connect = Callable[[str, str], Any]


def connect(service: str, region: str) -> Any:  # noqa: ANN401 - boto3 makes the classes at run time
    """Return a client with the credentials of the environment, one that gives up on a call in seconds."""
    session: Any = boto3.session.Session(region_name=region)
    config = Config(
        connect_timeout=3,
        read_timeout=10,
        retries={"total_max_attempts": 3, "mode": "standard"},
        user_agent_extra=AGENT,
    )
    return session.client(service, config=config)


def aws_place(deployment: Deployment, *, time_scale: float = 1, connect: Connect = connect) -> Place:
    """Return a deployment on AWS as a place, after a look at what is there.

    Raises:
        FaultError: it must not be drilled, cannot be, or is not in the account that the credentials are of.
        ProbeError: it has no domain.
    """
    permit(deployment, time_scale=time_scale)
    shared_name(deployment)
    try:
        return _place(deployment, connect)
    except (BotoCoreError, ClientError) as error:
        raise FaultError(f"{deployment.name} cannot be looked at on AWS ({error}).") from error


def _place(deployment: Deployment, connect: Connect) -> Place:
    regions = regions_of(deployment, connect)
    names = {role: region.name for role, region in regions.items()}
    return Place(
        name="AWS",
        deployment=deployment,
        regions=regions,
        probes=_probes(deployment, regions, _watched(deployment, names, connect)),
        faults=AwsFaults(deployment, regions),
        time_scale=1.0,
        allowance_s=0.0,
        limits=LIMITS,
    )


def aws_acts(deployment: Deployment, disturbances: Disturbances, *, connect: Connect = connect) -> Acts:
    """Return what puts a deployment right, without a look at anything that may not answer just then."""
    regions = regions_of(deployment, connect)
    return Acts(deployment, regions, AwsFaults(deployment, regions), disturbances, time_scale=1.0)


def regions_of(deployment: Deployment, connect: Connect) -> Mapping[Role, Region]:
    """Return both Regions, with clients that have called nobody yet."""
    names = {Role.PRIMARY: deployment.primary_region, Role.SECONDARY: deployment.secondary_region}
    return {
        role: Region(
            role=role,
            name=name,
            table=deployment.table_name,
            clients={service: connect(service, name) for service in SERVICES},
        )
        for role, name in names.items()
    }


def _probes(deployment: Deployment, regions: Mapping[Role, Region], watched: Watched) -> AwsProbes:
    name, domain = shared_name(deployment), deployment.api.domain

    async def ask(address: str) -> str | None:
        return await region_at(address, host=name)

    answers = Answers(
        {role: domain.of_region(region.name) for role, region in regions.items()} if domain else {},
        {role: region.name for role, region in regions.items()},
        resolve=dns.resolve,
        ask=ask,
        clock=Clock(),
    )
    return AwsProbes(deployment, regions, watched, answers, resolve=dns.resolve)


def _watched(deployment: Deployment, names: Mapping[Role, str], connect: Connect) -> Watched:
    """Look up who the drill is, and its health checks; these calls are of control planes, and made first."""
    primary = names[Role.PRIMARY]
    caller = connect("sts", primary).get_caller_identity()
    if caller["Account"] != deployment.account:
        raise FaultError(
            f"The credentials are of account {caller['Account']}, and {deployment.name} is in "
            f"{deployment.account}."
        )
    if partition(primary) != "aws":
        raise FaultError(
            f"{primary} is in a partition whose health checks are not where this looks for them."
        )
    return Watched(
        me=caller["Arn"],
        checks=_checks(connect("route53", primary), deployment),
        health=connect("cloudwatch", metrics.HEALTH_REGION),
        trails=[connect("cloudtrail", name) for name in sorted({*names.values(), trail.GLOBAL_REGION})],
    )


def _checks(route53: Any, deployment: Deployment) -> Mapping[str, str]:  # noqa: ANN401 - boto3
    """Return the health check of each Region, by the records of the shared name, which name both."""
    domain = deployment.api.domain
    zone, name = (domain.hosted_zone_id, domain.name) if domain else ("", "")
    found = route53.list_resource_record_sets(
        HostedZoneId=zone, StartRecordName=name, StartRecordType="A", MaxItems="2"
    )
    checks = {
        record["SetIdentifier"]: record["HealthCheckId"]
        for record in found["ResourceRecordSets"]
        if record["Name"].rstrip(".") == name and record.get("HealthCheckId")
    }
    missing = {deployment.primary_region, deployment.secondary_region} - checks.keys()
    if missing:
        raise FaultError(f"{name} has no record with a health check for {', '.join(sorted(missing))}.")
    return checks
