"""Which findings of cdk-nag an assembly accepts, where, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ACKNOWLEDGED = "aws:cdk:acknowledged-rules"


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """One rule that is not held against a construct and what it contains, with the reason."""

    path: str
    rule: str
    reason: str


def exceptions(assembly: Path) -> Iterator[Accepted]:
    """Yield every acknowledgement that a synthesis wrote into its metadata, by stack and construct."""
    for file in sorted(assembly.glob("**/*.metadata.json")):
        for path, entries in json.loads(file.read_text()).items():
            for entry in entries:
                if entry["type"] == ACKNOWLEDGED:
                    for rule, reason in entry["data"].items():
                        yield Accepted(
                            path=path.strip("/"), rule=rule.removeprefix("Annotation::"), reason=reason
                        )
