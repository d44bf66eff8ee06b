"""A deployment as CDK stages, in the order in which they roll out."""

from collections.abc import Sequence

import aws_cdk as cdk
from constructs import Construct

from pipeline.config import Deployment
from stacks import guardrails
from stacks.api import ApiStack
from stacks.backup import BackupStack
from stacks.data import DataStack
from stacks.domain import Domain
from stacks.events import EventsStack
from stacks.experiments import ExperimentsStack
from stacks.observability import ObservabilityStack
from stacks.routing import RoutingStack
from stacks.switch import SwitchStack
from stacks.table_metrics import TableMetrics


class DataStage(cdk.Stage):
    """What is there once: the tables, which reach the other Region by themselves."""

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment) -> None:
        env = cdk.Environment(account=deployment.account, region=deployment.primary_region)
        super().__init__(scope, id, env=env)
        DataStack(
            self,
            "Data",
            service=deployment.service,
            tables=deployment.tables,
            replica_regions=[deployment.secondary_region],
        )


class RegionStage(cdk.Stage):
    """What is there in each Region: the API, and the events of what it changes."""

    def __init__(
        self, scope: Construct, id: str, *, deployment: Deployment, region: str, peer_region: str
    ) -> None:
        super().__init__(scope, id, env=cdk.Environment(account=deployment.account, region=region))
        api = self._serve(deployment)
        self._watch(deployment, peer_region)
        self._back_up(deployment, copies_to=peer_region if region == deployment.primary_region else None)
        if deployment.api.domain:
            SwitchStack(self, "Switch", service=deployment.service, stops=peer_region)
        if deployment.drills:
            ExperimentsStack(
                self,
                "Experiments",
                service=deployment.service,
                table=TableMetrics(table_name=deployment.table_name, peer_region=peer_region),
                api_stack=api.stack_name,
                drills=deployment.drills,
                logs=deployment.functions.logs,
                thresholds=deployment.thresholds,
            )

    def _serve(self, deployment: Deployment) -> ApiStack:
        """Answer requests, and tell of what they change."""
        api = ApiStack(
            self,
            "Api",
            service=deployment.service,
            table_name=deployment.table_name,
            history_retention_days=deployment.history_retention_days,
            api=deployment.api,
            functions=deployment.functions,
            objectives=deployment.objectives,
        )
        EventsStack(
            self,
            "Events",
            service=deployment.service,
            table_name=deployment.table_name,
            functions=deployment.functions,
            thresholds=deployment.thresholds,
        )
        return api

    def _watch(self, deployment: Deployment, peer_region: str) -> None:
        """Tell somebody of what goes wrong here, and of what does not reach the other Region."""
        ObservabilityStack(
            self,
            "Observability",
            service=deployment.service,
            table_name=deployment.table_name,
            peer_region=peer_region,
            domain=deployment.api.domain,
            objectives=deployment.objectives,
            thresholds=deployment.thresholds,
        )

    def _back_up(self, deployment: Deployment, *, copies_to: str | None) -> None:
        """Keep what the table can be recovered from."""
        BackupStack(
            self,
            "Backup",
            service=deployment.service,
            table_name=deployment.table_name,
            least_history_days=deployment.shortest_history_days,
            copies_to=copies_to,
            backups=deployment.backups,
            functions=deployment.functions,
        )


class RoutingStage(cdk.Stage):
    """What is there once, when both Regions answer: the name that leads to one of them."""

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment, domain: Domain) -> None:
        env = cdk.Environment(account=deployment.account, region=deployment.primary_region)
        super().__init__(scope, id, env=env)
        RoutingStack(
            self,
            "Routing",
            service=deployment.service,
            domain=domain,
            primary_region=deployment.primary_region,
            secondary_region=deployment.secondary_region,
        )


def deployment_stages(scope: Construct, deployment: Deployment) -> Sequence[cdk.Stage]:
    """The stages of a deployment in the order of its rollout: data, secondary Region, primary one, routing.

    Each is a stage of its own because stacks of two Regions in one stage are deployed side by side, and a
    faulty release must meet the Region without traffic first. Routing is last: its health checks need the
    alarm that the other Region keeps, and there is none without a domain.
    """
    prefix = deployment.name.title()
    primary, secondary = deployment.primary_region, deployment.secondary_region
    stages: list[cdk.Stage] = [
        DataStage(scope, f"{prefix}Data", deployment=deployment),
        RegionStage(
            scope, f"{prefix}Secondary", deployment=deployment, region=secondary, peer_region=primary
        ),
        RegionStage(scope, f"{prefix}Primary", deployment=deployment, region=primary, peer_region=secondary),
    ]
    if domain := deployment.api.domain:
        stages.append(RoutingStage(scope, f"{prefix}Routing", deployment=deployment, domain=domain))
    for stage in stages:
        guardrails.tag(stage, deployment=deployment.name)
    return stages
