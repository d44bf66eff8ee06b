"""What AWS would say to a call's parameters, and what a shell would hand to the AWS CLI or to curl."""

from __future__ import annotations

import functools
import subprocess
from collections.abc import Mapping, Sequence

import botocore.session
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from pipeline.runbook import Call

# Each word is followed by a zero byte, and each command by one more.
ECHO = 'echoed() { for each; do printf "%s\\0" "$each"; done; printf "\\0"; }; '
STUBS = (
    ECHO + "; ".join(f'{name}() {{ echoed {name} "$@"; }}' for name in ("aws", "curl", "cdk", "dig")) + "; "
)


@functools.cache
def service_model(service: str) -> ServiceModel:
    return botocore.session.Session().get_service_model(service)


def refusal(call: Call) -> str:
    """Return what botocore's model of the service has against the parameters, nothing where it takes them."""
    shape = service_model(call.service).operation_model(call.action).input_shape
    assert shape is not None
    return str(ParamValidator().validate(call.parameters, shape).generate_report())


def commands_of(lines: Sequence[str], variables: Mapping[str, str]) -> Sequence[Sequence[str]]:
    """Return the words of each command that a shell would run, in which none may fail."""
    script = f"set -eu; {STUBS}\n" + "\n".join(lines)
    run = subprocess.run(  # noqa: S603 - lines of the runbook, with all that they call replaced by an echo
        ["/bin/sh", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", **variables},
    )
    return [words.split("\0") for words in run.stdout.split("\0\0") if words]
