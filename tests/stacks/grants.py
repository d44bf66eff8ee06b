"""What is wrong with the grants of a template."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.stacks.assembly import Template

REGION = re.compile(r"\b[a-z]{2}(?:-[a-z]+){1,2}-\d\b")


def faults(template: Template, *, region: str) -> list[str]:
    """A sentence for each wildcard, and for each Region named other than the stack's own."""
    found = []
    for id_, statement in _statements(template):
        for action in _listed(statement["Action"]):
            if "*" in action:
                found.append(f"{id_} allows {action}.")
        for resource in _listed(statement["Resource"]):
            text = json.dumps(resource)
            if "*" in text:
                found.append(f"{id_} allows it on {text}.")
            found.extend(f"{id_} names {other}." for other in REGION.findall(text) if other != region)
    return found


def rights(template: Template, *, handler: str) -> dict[str, set[str]]:
    """What the function of a handler may do, by resource: an ARN, or an expression as JSON text."""
    (role,) = {
        function["Properties"]["Role"]["Fn::GetAtt"][0]
        for function in template["Resources"].values()
        if function["Type"] == "AWS::Lambda::Function" and function["Properties"]["Handler"] == handler
    }
    found: dict[str, set[str]] = {}
    for id_, statement in _statements(template):
        if {"Ref": role} in template["Resources"][id_]["Properties"].get("Roles", []) or id_ == role:
            assert statement["Effect"] == "Allow"
            for resource in _listed(statement["Resource"]):
                text = resource if isinstance(resource, str) else json.dumps(resource)
                found.setdefault(text, set()).update(_listed(statement["Action"]))
    return found


def _statements(template: Template) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every statement that grants something to a role, with the logical id of what holds it."""
    for id_, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        documents = []
        if resource["Type"] in {"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"}:
            documents.append(properties["PolicyDocument"])
        if resource["Type"] == "AWS::IAM::Role":
            documents.extend(policy["PolicyDocument"] for policy in properties.get("Policies", []))
        for document in documents:
            for statement in document["Statement"]:
                yield id_, statement


def _listed(value: object) -> list[Any]:
    """IAM writes one thing without a list."""
    return value if isinstance(value, list) else [value]
