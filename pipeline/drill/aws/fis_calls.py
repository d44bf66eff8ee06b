"""The calls by which a drill finds, starts and stops experiments, as an operator could send them."""

from __future__ import annotations

from pipeline.config import Deployment
from pipeline.drill.step import FaultKind
from pipeline.runbook import Call
from stacks.drills import ABORT, FAULT, METRIC, NAMESPACE, AbortSignal

# Put into the single-quoted JSON of a command, these make the shell write what the line before found.
SHELL_TEMPLATE, SHELL_EXPERIMENT = "'$template'", "'$experiment'"


def start(deployment: Deployment, kind: FaultKind, region: str, *, template: str = SHELL_TEMPLATE) -> Call:
    """Break something; `template` is the id of its experiment template.

    An experiment has no tags but those that it is started with, and by them it may be stopped.
    """
    return Call(
        purpose=f"break {region}: {kind}",
        service="fis",
        action="StartExperiment",
        region=region,
        parameters={
            "experimentTemplateId": template,
            "tags": {"Deployment": deployment.name, FAULT: kind.value},
        },
    )


def stop(kind: FaultKind, region: str, *, experiment: str = SHELL_EXPERIMENT) -> Call:
    """Mend it before its time is up; `experiment` is the id that starting it returned."""
    return Call(
        purpose=f"mend {region}: {kind}",
        service="fis",
        action="StopExperiment",
        region=region,
        parameters={"id": experiment},
    )


def abort(deployment: Deployment, region: str) -> Call:
    """Call off whatever experiment there is in a Region, by a signal that its stop alarm reads."""
    dimensions = AbortSignal(service=deployment.service, region=region).dimensions
    datum = {
        "MetricName": METRIC,
        "Dimensions": [{"Name": name, "Value": text} for name, text in dimensions.items()],
        "Value": ABORT,
    }
    return Call(
        purpose=f"call off every experiment in {region}",
        service="cloudwatch",
        action="PutMetricData",
        region=region,
        parameters={"Namespace": NAMESPACE, "MetricData": [datum]},
    )


def restored(function: str, region: str, *, reserved: int | None) -> Call:
    """Give a function the concurrency that its deployment configures, should nothing else have done so."""
    named: dict[str, str | int] = {"FunctionName": function}
    if reserved is None:
        action = "DeleteFunctionConcurrency"
    else:
        action, named = "PutFunctionConcurrency", {**named, "ReservedConcurrentExecutions": reserved}
    return Call(
        purpose=f"put {function} back into service",
        service="lambda",
        action=action,
        region=region,
        parameters=named,
    )


def template_lookup(deployment: Deployment, kind: FaultKind, region: str) -> str:
    """Return the line of a shell that finds the id of a template and keeps it in `$template`."""
    query = f"experimentTemplates[?tags.Deployment=='{deployment.name}' && tags.{FAULT}=='{kind}'].id"
    return f'template=$(aws fis list-experiment-templates --region {region} --query "{query}" --output text)'


def experiment_lookup(region: str) -> str:
    """Return the line of a shell that finds what runs of `$template`, and keeps its id in `$experiment`."""
    query = "experiments[?experimentTemplateId=='$template' && state.status=='running'].id"
    return f'experiment=$(aws fis list-experiments --region {region} --query "{query}" --output text)'
