"""A function that is called by its name, with an event of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.runbook import Call, quoted

LONGEST_S = 900  # that a function may run, and that whoever calls it waits (AWS's own limit)


@dataclass(frozen=True, kw_only=True)
class Invocation(Call):
    """A Call to Lambda, of which the CLI wants the event as it is, and a file for the answer."""

    @property
    def command(self) -> str:
        """The line of a POSIX shell that sends it and prints the answer; version 2 of the AWS CLI."""
        return (
            f"aws lambda invoke --region {self.region} --function-name {self.parameters['FunctionName']} "
            f"--cli-read-timeout {LONGEST_S} --cli-binary-format raw-in-base64-out "
            f"--payload {quoted(self.parameters['Payload'])} /dev/stdout"
        )


def invocation(purpose: str, function: str, region: str, event: Mapping[str, Any]) -> Invocation:
    """Return the call of a function of a Region, which waits for the answer; `event` is JSON's."""
    return Invocation(
        purpose=purpose,
        service="lambda",
        action="Invoke",
        region=region,
        parameters={"FunctionName": function, "Payload": json.dumps(event, separators=(",", ":"))},
    )
