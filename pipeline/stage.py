"""A deployment as CDK stages, in the order in which they roll out."""

from collections.abc import Sequence

import aws_cdk as cdk
from constructs import Construct

from pipeline.config import Deployment
from stacks import guardrails
from stacks.api import ApiStack
from stacks.data import DataStack
from stacks.events import EventsStack


class DataStage(cdk.Stage):
    """What is there once: the table, which reaches the other Region by itself."""

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment) -> None:
        env = cdk.Environment(account=deployment.account, region=deployment.primary_region)
        super().__init__(scope, id, env=env)
        DataStack(
            self, "Data", table_name=deployment.table_name, replica_regions=[deployment.secondary_region]
        )


class RegionStage(cdk.Stage):
    """What is there in each Region: the API, and the events of what it changes."""

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment, region: str) -> None:
        super().__init__(scope, id, env=cdk.Environment(account=deployment.account, region=region))
        ApiStack(
            self,
            "Api",
            table_name=deployment.table_name,
            history_retention_days=deployment.history_retention_days,
            target=deployment.lambda_target,
            function_size=deployment.function_size,
            throttle=deployment.throttle,
            logs=deployment.logs,
        )
        EventsStack(
            self,
            "Events",
            table_name=deployment.table_name,
            target=deployment.lambda_target,
            function_size=deployment.function_size,
            logs=deployment.logs,
        )


def deployment_stages(scope: Construct, deployment: Deployment) -> Sequence[cdk.Stage]:
    """The stages of a deployment in the order of its rollout: data, secondary Region, primary Region.

    Each is a stage of its own because stacks of two Regions in one stage are deployed side by side, and a
    faulty release must meet the Region without traffic first.
    """
    prefix = deployment.name.title()
    stages = (
        DataStage(scope, f"{prefix}Data", deployment=deployment),
        RegionStage(scope, f"{prefix}Secondary", deployment=deployment, region=deployment.secondary_region),
        RegionStage(scope, f"{prefix}Primary", deployment=deployment, region=deployment.primary_region),
    )
    for stage in stages:
        guardrails.tag(stage, deployment=deployment.name)
    return stages
