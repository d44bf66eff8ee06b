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
# REGION, how the names of its applications begin, how fast calls move, and whether alarms are looked at. The
# list of alarms is written back as it was read: left out, it would be empty.
RELEASES = """\
releases() {
  for app in $(aws deploy list-applications --region "$1" \\
      --query "applications[?starts_with(@, '$2')]" --output text); do
    for group in $(aws deploy list-deployment-groups --region "$1" --application-name "$app" \\
        --query 'deploymentGroups[]' --output text); do
      alarms=$(aws deploy get-deployment-group --region "$1" --application-name "$app" \\
        --deployment-group-name "$group" --query deploymentGroupInfo.alarmConfiguration --output json |
        sed "s/\\"enabled\\": *[a-z]*/\\"enabled\\": $4/")
      aws deploy update-deployment-group --region "$1" --application-name "$app" \\
        --current-deployment-group-name "$group" --deployment-config-name "$3" --alarm-configuration "$alarms"
    done
  done
}"""


def commands(deployment: Deployment, restored: str) -> Sequence[str]:
    """Return lines for a shell in a checkout of what is to run: they deploy with the restored table serving.

    The data stack takes in the restored table, which is there already, beside those before it; then each
    Region is led to it, the one without traffic first. While that lasts releases move all calls at once and
    look at no alarm: the answers of fenced Regions are 5xx, which would send every release back
    (https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-create-alarms.html).
    """
    tables = json.dumps({deployment.name: [*deployment.tables, restored]}, separators=(",", ":"))
    title = deployment.name.title()
    canary = f"CodeDeployDefault.LambdaCanary10Percent{deployment.functions.canary_minutes}Minutes"
    deploy = f"cdk deploy --context deployments={deployment.name} --require-approval never"
    return [
        TOOLS,
        f"export USERS_TABLES={quoted(tables)}",
        "# releases at once, without alarms: those see the fences",
        *RELEASES.splitlines(),
        *_releases(deployment, AT_ONCE, "false"),
        f"{deploy} --import-existing-resources '{title}Data/*'",
        f"{deploy} '{title}Secondary/*'",
        f"{deploy} '{title}Primary/*'",
        "# releases as they were; not before the last one has ended",
        *_releases(deployment, canary, "true"),
    ]


def _releases(deployment: Deployment, speed: str, alarms: str) -> Sequence[str]:
    """Change the releases of both Regions, the one without traffic first."""
    title = deployment.name.title()
    return [
        f"releases {region_of(deployment, role)} {title}{role.title()}- {speed} {alarms}"
        for role in (Role.SECONDARY, Role.PRIMARY)
    ]
