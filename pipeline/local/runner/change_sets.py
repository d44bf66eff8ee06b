"""CloudFormation's actions: a change set is made of a template, and then executed.

https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from pipeline.local.runner.action import ActionFailed, Work
from pipeline.local.runner.definition import Action
from pipeline.local.runner.stacks import POLL_S, Stacks
from pipeline.local.runner.uncut import uncut

DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
UNCHANGED = ("didn't contain changes", "No updates are to be performed")
KNOWN = {
    "CHANGE_SET_REPLACE": {"Capabilities", "ParameterOverrides", "RoleArn", "TemplatePath"},
    "CHANGE_SET_EXECUTE": {"Capabilities", "RoleArn"},
}
OF_BOTH = {"ActionMode", "ChangeSetName", "StackName"}
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
LARGEST_BODY = 51_200
# Longer than any stack of ours takes.
REST_S = 300


async def perform(action: Action, work: Work, *, stacks: Stacks) -> tuple[Mapping[str, str], bool]:
    """Make a change set, or execute one; return the action's output variables, and whether a stack changed.

    What is executed comes to rest before this returns, cancelled or not: a stack's change cannot be cut in
    two, and what follows may want to change it back. Its outputs are the output variables.

    Raises:
        ActionFailed: CloudFormation refused, the stack was rolled back, or the action asks for what is not
            done here.
    """
    configuration = action.configuration
    mode = configuration.get("ActionMode", "")
    if mode not in KNOWN:
        raise ActionFailed(f"The action mode {mode} is not done here.")
    for name in configuration:
        if name not in KNOWN[mode] | OF_BOTH:
            raise ActionFailed(f"{mode} with {name} is not done here.")
    if mode == "CHANGE_SET_REPLACE":
        await uncut(_replace(configuration, work, stacks), at_most_s=REST_S)
        return {}, False
    return await uncut(_execute(configuration, work, stacks), at_most_s=REST_S)


async def _replace(configuration: Mapping[str, str], work: Work, stacks: Stacks) -> None:
    """Make a change set in place of one of the same name; one without changes is made too."""
    name = configuration["StackName"]
    found = await stacks.at_rest(name)
    if found and found.status == "ROLLBACK_COMPLETE":  # its creation failed: nothing can be done but that
        await stacks.call(stacks.cloudformation.delete_stack, StackName=found.id)
        await stacks.at_rest(found.id)
        found = None
    change_set = {"StackName": name, "ChangeSetName": configuration["ChangeSetName"]}
    if found:
        await stacks.call(stacks.cloudformation.delete_change_set, **change_set)
    async with _template(configuration, work, stacks) as template:
        await stacks.call(
            stacks.cloudformation.create_change_set,
            **change_set,
            **template,
            **_optional(configuration),
            ChangeSetType="UPDATE" if found and found.there else "CREATE",
        )
        made = await _made(change_set, stacks)
    _say(work, f"{name}: change set {made['Status']}, {len(made.get('Changes', ()))} changes")
    if made["Status"] == "FAILED" and not _is_unchanged(made):
        raise ActionFailed(f"{name}: no change set can be made: {made.get('StatusReason')}")


async def _execute(
    configuration: Mapping[str, str], work: Work, stacks: Stacks
) -> tuple[Mapping[str, str], bool]:
    """Execute a change set, unless it has no changes."""
    name = configuration["StackName"]
    change_set = {"StackName": name, "ChangeSetName": configuration["ChangeSetName"]}
    if changed := not _is_unchanged(await _made(change_set, stacks)):
        await stacks.call(stacks.cloudformation.execute_change_set, **change_set)
    stack = await stacks.at_rest(name)
    if stack is None:
        raise ActionFailed(f"{name} is not there any more.")
    _say(work, f"{name}: {stack.status}{'' if changed else ', nothing to change'}")
    if changed and stack.status not in DONE:
        raise ActionFailed(f"{name} is {stack.status}: {await stacks.first_failure(stack)}")
    return stack.outputs, changed


async def _made(change_set: Mapping[str, str], stacks: Stacks) -> Mapping[str, Any]:
    """Return a change set once CloudFormation has made it."""
    while True:
        made: Mapping[str, Any] = await stacks.call(stacks.cloudformation.describe_change_set, **change_set)
        if not made["Status"].startswith("CREATE_") or made["Status"] == "CREATE_COMPLETE":
            return made
        await asyncio.sleep(POLL_S)


def _is_unchanged(change_set: Mapping[str, Any]) -> bool:
    reason = change_set.get("StatusReason", "")
    return change_set["Status"] == "FAILED" and any(words in reason for words in UNCHANGED)


def _optional(configuration: Mapping[str, str]) -> Mapping[str, Any]:
    given: dict[str, Any] = {}
    if capabilities := configuration.get("Capabilities"):
        given["Capabilities"] = [each.strip() for each in capabilities.split(",")]
    if role := configuration.get("RoleArn"):
        given["RoleARN"] = role
    if overrides := configuration.get("ParameterOverrides"):
        given["Parameters"] = _parameters(overrides)
    return given


def _parameters(overrides: str) -> list[Mapping[str, str]]:
    try:
        given = json.loads(overrides)
    except ValueError as error:
        raise ActionFailed(f"ParameterOverrides is not JSON: {error}") from error
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise ActionFailed("ParameterOverrides has other values than strings, which is not done here.")
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]


@asynccontextmanager
async def _template(
    configuration: Mapping[str, str], work: Work, stacks: Stacks
) -> AsyncIterator[Mapping[str, str]]:
    """Yield the template as CloudFormation takes it: one too large for a request lies in a bucket."""
    artifact, _, path = configuration["TemplatePath"].partition("::")
    file = work.artifact(artifact) / path
    if not path or not file.is_file():
        raise ActionFailed(f"There is no template {configuration['TemplatePath']}.")
    body = file.read_bytes()
    if len(body) <= LARGEST_BODY:
        yield {"TemplateBody": body.decode()}
        return
    async with stacks.stored(file.name, body) as url:
        yield {"TemplateURL": url}


def _say(work: Work, line: str) -> None:
    with work.log.open("a") as log:
        log.write(f"{line}\n")
