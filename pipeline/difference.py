"""What a commit would change in a deployment: its templates beside those that are deployed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any

Template = Mapping[str, Any]
# A pipeline's approval shows this much, the drill's verdict included
# (https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html, CustomData).
LONGEST_LINE = 400


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One stack whose template changes: its resources by what becomes of them, and the lines that differ."""

    stack: str
    added: Sequence[str]
    removed: Sequence[str]
    changed: Sequence[str]
    lines: Sequence[str]

    @property
    def summary(self) -> str:
        """The stack and how many resources are added, changed and removed."""
        return f"{self.stack} +{len(self.added)} ~{len(self.changed)} -{len(self.removed)}"


def difference(stack: str, before: Template, after: Template) -> Difference | None:
    """Return how a stack's template changes, None if it does not; a new stack has nothing before."""
    old, new = before.get("Resources", {}), after.get("Resources", {})
    lines = list(
        unified_diff(_lines(before), _lines(after), f"{stack}, before", f"{stack}, after", lineterm="")
    )
    if not lines:
        return None
    return Difference(
        stack=stack,
        added=sorted(new.keys() - old.keys()),
        removed=sorted(old.keys() - new.keys()),
        changed=sorted(id_ for id_ in old.keys() & new.keys() if old[id_] != new[id_]),
        lines=lines,
    )


def one_line(found: Sequence[Difference]) -> str:
    """Return all differences in a line that an approval has room for; what is removed comes first."""
    if not found:
        return "no template changes"
    removed = [f"{each.stack} loses {', '.join(each.removed)}" for each in found if each.removed]
    text = "; ".join([*removed, *(each.summary for each in found)])
    return text if len(text) <= LONGEST_LINE else f"{text[: LONGEST_LINE - 1]}…"


def write(found: Sequence[Difference], file: Path) -> None:
    """Write all lines of all differences, a header for each stack."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join("\n".join([f"# {each.summary}", *each.lines, ""]) for each in found) or "None.\n")


def _lines(template: Template) -> Sequence[str]:
    return json.dumps(template, indent=1, sort_keys=True).splitlines() if template else []
