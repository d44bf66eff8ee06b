"""What is wrong with the grants of a template."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stacks import guardrails
from tests.stacks.assembly import Template

IDENTITY_POLICIES = {"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::Role"}
# What has no resource that could be named: what it is allowed on instead, and which exception has the reason.
UNNAMED: Mapping[frozenset[str], tuple[str, Mapping[str, str]]] = {
    frozenset({"xray:PutTelemetryRecords", "xray:PutTraceSegments"}): ('"*"', guardrails.TRACING),
}
REGION = re.compile(r"\b[a-z]{2}(?:-[a-z]+){1,2}-\d\b")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement of a policy, with the logical id and the type of the resource that holds it."""

    id: str
    type: str
    words: Mapping[str, Any]

    @property
    def actions(self) -> list[str]:
        """What it is about."""
        return _listed(self.words["Action"])

    @property
    def resources(self) -> list[Any]:
        """What it holds for; nothing is named in the trust policy of a role."""
        return _listed(self.words.get("Resource", []))


def faults(template: Template, *, region: str, accepted: Collection[str] = ()) -> list[str]:
    """A sentence for each wildcard without a reason, and for each Region named other than the stack's own.

    `accepted` are the rules of cdk-nag that are not held against the stack, each with what it is about.
    """
    found = []
    for statement in _statements(template):
        if statement.words["Effect"] == "Allow":
            found += [
                f"{statement.id} allows {action}."
                for action in statement.actions
                if _too_wide(statement, action)
            ]
            found += [f"{statement.id} allows it on {text}." for text in _anything(statement, accepted)]
            if _anybody(statement):
                found.append(f"{statement.id} allows anybody.")
        for resource in statement.resources:
            named = REGION.findall(json.dumps(resource))
            found += [f"{statement.id} names {other}." for other in named if other != region]
    return [*found, *_open_functions(template)]


def _too_wide(statement: Statement, action: str) -> bool:
    """Whether an action is several, unless the guardrails say why the policy of a key has it."""
    accepted = statement.type == "AWS::KMS::Key" and f"Action::{action}" in guardrails.KEY_POLICY
    if action == "kms:*":
        accepted = accepted and ":root" in json.dumps(statement.words["Principal"])
    return "*" in action and not accepted


def _anything(statement: Statement, accepted: Collection[str]) -> Iterator[str]:
    """The resources, as JSON, that are several, unless the guardrails say why."""
    wildcard, _ = UNNAMED.get(frozenset(statement.actions), ("\n", {}))
    for resource in statement.resources:
        text = json.dumps(resource)
        itself = (
            statement.type == "AWS::KMS::Key" and text == '"*"' and "Resource::*" in guardrails.KEY_POLICY
        )
        told = f"AwsSolutions-IAM5[Resource::{_told(resource)}]" in accepted
        if "*" in text.replace(wildcard, "") and not itself and not told:
            yield text


def _told(resource: object) -> str:
    """A resource as cdk-nag writes it, with what only CloudFormation knows in brackets."""
    match resource:
        case {"Fn::Join": [separator, [*parts]]}:
            return str(separator).join(map(_told, parts))
        case {"Ref": name}:
            return f"<{name}>"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"<{name}.{attribute}>"
    return str(resource)


def _anybody(statement: Statement) -> bool:
    """Whether it lets every account in."""
    principal = statement.words.get("Principal")
    return principal == "*" or (isinstance(principal, Mapping) and "*" in _listed(principal.get("AWS", [])))


def _open_functions(template: Template) -> Iterator[str]:
    """A sentence for each function that a service may call on behalf of any account."""
    for id_, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Lambda::Permission" and not {"SourceArn", "SourceAccount"} & set(
            resource["Properties"]
        ):
            yield f"{id_} allows anybody."


def rights(template: Template, *, handler: str) -> dict[str, set[str]]:
    """What the function of a handler may do, by resource: an ARN, or an expression as JSON text."""
    (role,) = {
        function["Properties"]["Role"]["Fn::GetAtt"][0]
        for function in template["Resources"].values()
        if function["Type"] == "AWS::Lambda::Function" and function["Properties"]["Handler"] == handler
    }
    found: dict[str, set[str]] = {}
    for statement in _statements(template):
        holder = template["Resources"][statement.id]["Properties"]
        if statement.type in IDENTITY_POLICIES and (
            {"Ref": role} in holder.get("Roles", []) or statement.id == role
        ):
            assert statement.words["Effect"] == "Allow"
            for resource in statement.resources:
                text = resource if isinstance(resource, str) else json.dumps(resource)
                found.setdefault(text, set()).update(statement.actions)
    return found


def _statements(template: Template) -> Iterator[Statement]:
    """Every statement of every policy: of roles, keys, queues, topics, buses and whatever else has one."""
    for id_, resource in template["Resources"].items():
        for words in _found(resource.get("Properties", {})):
            yield Statement(id=id_, type=resource["Type"], words=words)


def _found(value: object) -> Iterator[Mapping[str, Any]]:
    """The statements anywhere in a value."""
    if isinstance(value, list):
        for each in value:
            yield from _found(each)
    elif isinstance(value, Mapping) and "Effect" in value and "Action" in value:
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _found(each)


def _listed(value: object) -> list[Any]:
    """IAM writes one thing without a list."""
    return value if isinstance(value, list) else [value]
