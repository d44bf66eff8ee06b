"""The calls with which an operator moves a deployment's traffic from one Region to the other, and back.

All of them work while the control planes of AWS do not: nothing is created, changed or deleted that routes.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import typer

from pipeline.choice import UnknownDeployment, deployments_named
from pipeline.config import Deployment
from stacks.stop_signal import METRIC, NAMESPACE, START, STOP, StopSignal

app = typer.Typer(add_completion=False, help=__doc__, pretty_exceptions_enable=False)

# Put into the single-quoted JSON of a command, this makes the shell write the time at which it is run.
SHELL_NOW = "'$(date -u +%Y-%m-%dT%H:%M:%SZ)'"
VARIABLE = re.compile(r"\$\{[A-Z_]+\}")


def variable(name: str) -> str:
    """Return text for a parameter that a shell is to fill in from its variable of a name."""
    return f"${{{name}}}"


def quoted(text: str) -> str:
    """Return a word of a POSIX shell: text in single quotes, but for its variables, which are filled in.

    The text must hold no single quotes but those of SHELL_NOW, as JSON of names and times does not.
    """
    filled_in = VARIABLE.sub(lambda found: f"'\"{found[0]}\"'", text)
    return f"'{filled_in}'".replace("''", "") or "''"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request to AWS: an action of a service, sent to a Region, with its parameters as boto3 takes them.

    `purpose` is what it does to which Region: `stop eu-west-1`.
    """

    purpose: str
    service: str
    action: str
    region: str
    parameters: Mapping[str, Any]

    @property
    def right(self) -> str:
        """The IAM action that it needs."""
        return f"{self.service}:{self.action}"

    @property
    def command(self) -> str:
        """The line of a POSIX shell that sends it with the AWS CLI."""
        action = re.sub(r"(?<!^)(?=[A-Z])", "-", self.action).lower()
        parameters = json.dumps(self.parameters, separators=(",", ":"))
        return f"aws {self.service} {action} --region {self.region} --cli-input-json {quoted(parameters)}"


def stop(deployment: Deployment, region: str) -> Call:
    """Take a Region out of DNS, by a signal to the other one; raises ValueError for a Region that is neither.

    Sent once it holds until `start`. Nobody's request is refused: clients leave as their resolvers forget.
    """
    return _signal("stop", deployment, region, STOP)


def start(deployment: Deployment, region: str) -> Call:
    """Put a Region back into DNS; raises ValueError for a Region that is neither.

    It must be sent in a later minute than `stop` was, since the higher value of a minute counts.
    """
    return _signal("start", deployment, region, START)


def fence(deployment: Deployment, region: str, *, at: str, table: str | None = None) -> Call:
    """Let no write begin in a Region, by its own row of its own replica; `at` is the time in RFC 3339.

    It is for a planned switchover, where that Region answers, and for a restore, where another `table` than
    the one that serves is fenced too. Raises ValueError for a Region that is neither.
    """
    return _state("fence", deployment, region, "fenced", at, table)


def unfence(deployment: Deployment, region: str, *, at: str, table: str | None = None) -> Call:
    """Let writes begin in a Region again; parameters and errors are those of `fence`."""
    return _state("unfence", deployment, region, "active", at, table)


def calls(deployment: Deployment, *, at: str = SHELL_NOW) -> Sequence[Call]:
    """All of them, for both Regions; without a domain nothing can be stopped, and there are only fences."""
    found: list[Call] = []
    for region in (deployment.primary_region, deployment.secondary_region):
        if deployment.api.domain:
            found += [stop(deployment, region), start(deployment, region)]
        found += [fence(deployment, region, at=at), unfence(deployment, region, at=at)]
    return found


def _signal(verb: str, deployment: Deployment, region: str, value: int) -> Call:
    """A value of the metric that the switch of a Region reads, in the other Region."""
    other = _other(deployment, region)
    signal = StopSignal(service=deployment.service, region=region)
    dimensions = [{"Name": name, "Value": text} for name, text in signal.dimensions.items()]
    return Call(
        purpose=f"{verb} {region}",
        service="cloudwatch",
        action="PutMetricData",
        region=other,
        parameters={
            "Namespace": NAMESPACE,
            "MetricData": [{"MetricName": METRIC, "Dimensions": dimensions, "Value": value}],
        },
    )


def _state(verb: str, deployment: Deployment, region: str, state: str, at: str, table: str | None) -> Call:
    """The row of a Region, written whole."""
    _other(deployment, region)
    values = {"user_id": f"REGION#{region}", "timestamp": "STATE", "state": state, "changed_at": at}
    return Call(
        purpose=f"{verb} {region}" + (f" in {table}" if table else ""),
        service="dynamodb",
        action="PutItem",
        region=region,
        parameters={
            "TableName": table or deployment.table_name,
            "Item": {name: {"S": value} for name, value in values.items()},
        },
    )


def _other(deployment: Deployment, region: str) -> str:
    """The other Region of a deployment; raises ValueError for a Region that is neither."""
    others = {
        deployment.primary_region: deployment.secondary_region,
        deployment.secondary_region: deployment.primary_region,
    }
    if region not in others:
        raise ValueError(f"region must be one of {', '.join(others)}, not {region!r}.")
    return others[region]


@app.command()
def show(deployment: str) -> None:
    """Print each call as the command that sends it."""
    try:
        found = [(each, call) for each in deployments_named(deployment) for call in calls(each)]
    except UnknownDeployment as error:
        raise typer.BadParameter(str(error)) from error
    for each, call in found:
        typer.echo(f"# {each.name}, account {each.account}: {call.purpose}\n{call.command}\n")


if __name__ == "__main__":
    app()
