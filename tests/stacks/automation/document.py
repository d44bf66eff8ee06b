"""Systems Manager, as far as an automation document needs it: steps, scripts, and where each leads."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from tests.stacks.automation.functions import Functions

VARIABLE = re.compile(r"\{\{ (\w+)\.(\w+) \}\}")
MOST_STEPS = 20
NOTHING: frozenset[str] = frozenset()


class Cancelled(Exception):
    """Somebody stopped the automation during a step."""


def run(
    steps: Sequence[Mapping[str, Any]],
    *,
    boto3: Functions,
    cancel_in: str | None = None,
    fails_in: frozenset[str] = NOTHING,
) -> list[str]:
    """Run a document, and return the names of the steps that began.

    It is cancelled once, in the step `cancel_in`, after that did its work; so do steps in `fails_in` fail.
    As in Systems Manager a variable is filled in as text, and without `onFailure` or `onCancel` that is the
    end (https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-branchdocs.html).
    """
    by_name = {step["name"]: step for step in steps}
    outputs: dict[tuple[str, str], str] = {}
    began: list[str] = []
    name: str | None = steps[0]["name"]
    while name is not None:
        assert len(began) < MOST_STEPS
        step = by_name[name]
        began.append(name)
        try:
            for _ in range(step.get("maxAttempts", 1)):
                try:
                    payload = _act(step, outputs, boto3)
                    if name in fails_in:
                        raise RuntimeError("planted")
                    break
                except (RuntimeError, ClientError) as error:
                    failed = error
            else:
                raise failed
            if name == cancel_in:
                cancel_in = None
                raise Cancelled
        except Cancelled:
            name = _target(step.get("onCancel"))
            continue
        except (RuntimeError, ClientError):
            name = _target(step.get("onFailure"))
            continue
        for output in step.get("outputs", []):
            outputs[step["name"], output["Name"]] = payload[output["Selector"].removeprefix("$.Payload.")]
        name = None if step.get("isEnd") else step.get("nextStep")
    return began


def _act(
    step: Mapping[str, Any], outputs: Mapping[tuple[str, str], str], boto3: Functions
) -> Mapping[str, str]:
    if step["action"] == "aws:sleep":
        return {}
    inputs = step["inputs"]
    payload = {
        key: VARIABLE.sub(lambda match: outputs[match[1], match[2]], value)
        for key, value in inputs["InputPayload"].items()
    }
    return handler(inputs["Script"], inputs["Handler"], boto3)(payload, {})


def handler(
    script: str, name: str, boto3: Functions
) -> Callable[[Mapping[str, str], object], Mapping[str, str]]:
    """Return one function of a script, which gets a boto3 of ours."""
    space: dict[str, Any] = {}
    exec(script.replace("import boto3\n", ""), space)  # noqa: S102 - our own script, as it is deployed
    space["boto3"] = boto3
    found: Callable[[Mapping[str, str], object], Mapping[str, str]] = space[name]
    return found


def _target(event: str | None) -> str | None:
    return event.removeprefix("step:") if event and event.startswith("step:") else None
