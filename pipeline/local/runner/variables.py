"""Puts what earlier actions found where an action refers to it, as `#{namespace.NAME}`."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from pipeline.local.runner.action import ActionFailed
from pipeline.local.runner.definition import Action
from pipeline.local.runner.record import Record, Variables

# https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html
REFERENCE = re.compile(r"#\{([\w@-]+)\.([\w.-]+)\}")
ENVIRONMENT = "EnvironmentVariables"


def substituted(action: Action, known: Variables) -> Action:
    """Return an action whose configuration refers to nothing any more.

    Raises:
        ActionFailed: it refers to a variable that no action before it gave.
    """
    configuration = {
        name: _environment(value, known) if name == ENVIRONMENT else _text(value, known)
        for name, value in action.configuration.items()
    }
    return replace(action, configuration=configuration)


def _environment(declared: str, known: Variables) -> str:
    """Substitute within JSON value by value, so that a value with quotes leaves it JSON."""
    return json.dumps([each | {"value": _text(str(each["value"]), known)} for each in json.loads(declared)])


def _text(text: str, known: Variables) -> str:
    def one(found: re.Match[str]) -> str:
        namespace, name = found.groups()
        try:
            return known[namespace][name]
        except KeyError:
            raise ActionFailed(f"refers to {found[0]}, which no action before it gave") from None

    return REFERENCE.sub(one, text)


def predefined(record: Record) -> Variables:
    """Return the variables that every action can refer to, without one that gave them."""
    return {"codepipeline": {"PipelineExecutionId": record.id}}
