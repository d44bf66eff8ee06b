"""The commands by which a deployment is served from another table: on AWS a switch of its configuration."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pipeline.config import Deployment
from pipeline.drill.plan import region_of
from pipeline.drill.step import Role
from pipeline.runbook import quoted

TOOLS = 'export PATH="$PWD/.venv/bin:$PWD/node_modules/.bin:$PATH" JSII_NODE="$PWD/.venv/bin/node"'
AT_ONCE = "CodeDeployDefault.LambdaAllAtOnce"
BEFORE: Sequence[str] = (
    "Check out the commit that serves now, the one that was rolled back to, and do all of this in that "
    "checkout: `git switch --detach COMMIT`. `main` may still have what wrote badly, and the cut over would "
    "deploy it again.",
    "Install its tools there: `python3 pipeline/local/install.py infra node`.",
)
# REGION, how the names of its applications begin, how fast calls move, and whether alarms are looked at. The
# list of alarms is written back as it was read: left out, it would be empty. A group without any has null.
RELEASES = """\
releases() {
  for app in $(aws deploy list-applications --region "$1" \\
      --query "applications[?starts_with(@, '$2')]" --output text); do
    for group in $(aws deploy list-deployment-groups --region "$1" --application-name "$app" \\
        --query 'deploymentGroups[]' --output text); do
      alarms=$(aws deploy get-deployment-group --region "$1" --application-name "$app" \\
        --deployment-group-name "$group" --query deploymentGroupInfo.alarmConfiguration --output json |
        sed "s/^null\\$//; s/\\"enabled\\": *[a-z]*/\\"enabled\\": $4/")
      aws deploy update-deployment-group --region "$1" --application-name "$app" \\
        --current-deployment-group-name "$group" --deployment-config-name "$3" \\
        ${alarms:+--alarm-configuration "$alarms"}
    done
  done
}"""


def at_once(deployment: Deployment) -> Sequence[str]:
    """Return lines for a shell after which releases move all calls at once and look at no alarm.

    The answers of fenced Regions are 5xx, which would send every release back
    (https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-create-alarms.html).
    """
    return _releases(deployment, AT_ONCE, "false")


def as_they_were(deployment: Deployment) -> Sequence[str]:
    """Return lines for a shell, which may be another one, after which releases are as they were before."""
    canary = f"CodeDeployDefault.LambdaCanary10Percent{deployment.functions.canary_minutes}Minutes"
    return _releases(deployment, canary, "true")


def deploys(deployment: Deployment, restored: str) -> Sequence[str]:
    """Return lines for a shell in a checkout of what is to run: they deploy with the restored table serving.

    The data stack takes in the restored table, which is there already, beside those before it; then each
    Region is led to it, the one without traffic first. None is deployed after one that failed.
    """
    tables = json.dumps({deployment.name: [*deployment.tables, restored]}, separators=(",", ":"))
    title = deployment.name.title()
    deploy = f"cdk deploy --context deployments={deployment.name} --require-approval never"
    return [
        TOOLS,
        f"export USERS_TABLES={quoted(tables)}",
        f"{deploy} --import-existing-resources '{title}Data/*' &&",
        f"  {deploy} '{title}Secondary/*' &&",
        f"  {deploy} '{title}Primary/*'",
    ]


def _releases(deployment: Deployment, speed: str, alarms: str) -> Sequence[str]:
    """Change the releases of both Regions, the one without traffic first, in whatever shell."""
    title = deployment.name.title()
    return [
        *RELEASES.splitlines(),
        *(
            f"releases {region_of(deployment, role)} {title}{role.title()}- {speed} {alarms}"
            for role in (Role.SECONDARY, Role.PRIMARY)
        ),
    ]
