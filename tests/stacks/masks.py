"""A template as one reviews it: without what changes with every line of code, or is the same everywhere."""

import json
import re
from typing import Any

from tests.stacks.assembly import Template

# Their logical ids end in a hash of 32 digits of what they hold, so that a change of it makes a new one.
HASHED = {"AWS::ApiGateway::Deployment", "AWS::Lambda::Version"}
ASSET = re.compile(r"\b[0-9a-f]{64}\b")


def masked(template: Template) -> dict[str, Any]:
    """A template with asset hashes and the hashes in logical ids masked, and no check of the bootstrap."""
    text = json.dumps(
        {part: value for part, value in template.items() if part not in {"Parameters", "Rules"}}
    )
    for id_, resource in template["Resources"].items():
        if resource["Type"] in HASHED:
            text = text.replace(id_, f"{id_[:-32]}HASH")
    masks: dict[str, Any] = json.loads(ASSET.sub("ASSET", text))
    return masks
