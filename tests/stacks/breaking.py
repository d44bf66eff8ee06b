"""What is wrong with the experiments of a template."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.stacks.assembly import Resource, Template

EXPERIMENT, DOCUMENT = "AWS::FIS::ExperimentTemplate", "AWS::SSM::Document"
DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")
# What an action may take beyond the longest fault, to put right what it broke.
MARGIN_MINUTES = 2
RESTORE = "step:restore"


def experiments(template: Template) -> Mapping[str, Resource]:
    """The properties of every experiment template, by its tag."""
    return {
        resource["Properties"]["Tags"]["Fault"]: resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == EXPERIMENT
    }


def faults(template: Template, *, region: str, longest_minutes: int) -> list[str]:
    """A sentence for each experiment that nothing stops, or that lasts, and for what is not put right."""
    found = []
    for id_, resource in template["Resources"].items():
        if resource["Type"] == EXPERIMENT:
            found += [
                f"{id_} {fault}."
                for fault in _faults(resource["Properties"], template, region, longest_minutes)
            ]
        elif resource["Type"] == DOCUMENT:
            steps = resource["Properties"]["Content"]["mainSteps"]
            found += [f"{id_} {fault}." for fault in _document_faults(steps, longest_minutes)]
    return found


def minutes(text: str) -> float:
    """How long a duration in ISO 8601 is."""
    match = DURATION.fullmatch(text)
    assert match, text
    hours, minutes_, seconds = (int(each or 0) for each in match.groups())
    return hours * 60 + minutes_ + seconds / 60


def _faults(experiment: Resource, template: Template, region: str, longest: int) -> Iterator[str]:
    alarms = [each for each in experiment["StopConditions"] if each["Source"] == "aws:cloudwatch:alarm"]
    if not alarms:
        yield "is stopped by no alarm"
    for alarm in alarms:
        if not _is_here(alarm["Value"], template, region):
            yield "is to be stopped by an alarm of another Region, with which it does not start"
    for action in experiment["Actions"].values():
        given = action.get("Parameters", {})
        lasts = [minutes(given[name]) for name in ("duration", "maxDuration") if name in given]
        allowed = longest + (MARGIN_MINUTES if "maxDuration" in given else 0)
        if not lasts or max(lasts) > allowed:
            yield f"may last for longer than {longest} minutes"
    if "LogConfiguration" not in experiment:
        yield "is not logged"
    if not {"Deployment", "Project", "Fault"} <= experiment["Tags"].keys():
        yield "cannot be found by its tags"


def _is_here(alarm: object, template: Template, region: str) -> bool:
    """Whether an alarm is of the template's own stack, or has an ARN of its Region."""
    if isinstance(alarm, Mapping) and "Fn::GetAtt" in alarm:
        resource = template["Resources"].get(alarm["Fn::GetAtt"][0], {})
        return bool(resource.get("Type") == "AWS::CloudWatch::Alarm")
    return isinstance(alarm, str) and alarm.split(":")[3] == region


def _document_faults(steps: list[dict[str, Any]], longest: int) -> Iterator[str]:
    names = [step["name"] for step in steps]
    stop, restore = names.index("stop"), names.index("restore") if "restore" in names else None
    if restore is None or not steps[restore].get("isEnd"):
        yield "puts nothing right at its end"
        return
    for step in steps[stop:restore]:
        for event in ("onFailure", "onCancel"):
            if step.get(event) != RESTORE:
                yield f"puts nothing right {event} of {step['name']}"
    for step in steps:
        if step["action"] == "aws:sleep" and minutes(step["inputs"]["Duration"]) > longest:
            yield f"waits for longer than {longest} minutes"
