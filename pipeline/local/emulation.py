"""How far this machine does what the templates ask for: every resource type that we deploy, reviewed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Types that do here what they do on AWS, as far as the users API needs it.
EMULATED = frozenset(
    {
        "AWS::ApiGateway::Deployment",
        "AWS::ApiGateway::GatewayResponse",
        "AWS::ApiGateway::Method",
        "AWS::ApiGateway::Resource",
        "AWS::ApiGateway::RestApi",
        "AWS::DynamoDB::GlobalTable",
        "AWS::Events::EventBus",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::Function",
        "AWS::Lambda::Permission",
        "AWS::SQS::Queue",
        "Custom::TableStream",
    }
)

# Types that are deployed, and what of them is only stored.
STORED = {
    "AWS::ApiGateway::Account": "stored; nothing is logged through it",
    "AWS::ApiGateway::Model": "stored; the functions validate",
    "AWS::ApiGateway::RequestValidator": "stored; it passes every body on, and the functions validate",
    "AWS::IAM::Policy": "stored, not enforced: every call is allowed",
    "AWS::IAM::Role": "stored, not enforced: every call is allowed",
    "AWS::Logs::LogGroup": "functions write to it; retention is stored, nothing expires",
    "AWS::SQS::QueuePolicy": "stored, not enforced: every call is allowed",
}

# Properties of types above that are only stored.
STORED_PROPERTIES = {
    ("AWS::ApiGateway::Stage", "AccessLogSetting"): "stored; no access log is written",
    ("AWS::ApiGateway::Stage", "MethodSettings"): "stored; nobody is throttled",
    ("AWS::DynamoDB::GlobalTable", "SSESpecification"): "stored; the journal is not encrypted",
    ("AWS::DynamoDB::GlobalTable", "TimeToLiveSpecification"): (
        "rows expire, but their stream records do not say that DynamoDB removed them"
    ),
    (
        "AWS::Lambda::EventSourceMapping",
        "ParallelizationFactor",
    ): "stored; a stream has one shard and one reader",
    ("AWS::Lambda::Function", "Architectures"): "stored; functions run on this machine's own processor",
    ("AWS::Lambda::Function", "MemorySize"): "stored; functions are not limited",
    ("AWS::Lambda::Function", "Runtime"): "stored; functions run on the emulator's Python",
    ("AWS::SQS::Queue", "SqsManagedSseEnabled"): "stored; messages are not encrypted",
}

EMULATED_WITH_GAPS = frozenset({"AWS::ApiGateway::Stage"})


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A type or `type.property` of the templates that is not as on AWS here, and how it is."""

    what: str
    how: str


def gaps(templates: Iterable[Mapping[str, Any]]) -> Sequence[Gap]:
    """Return what of these templates is not as on AWS here, a type that nobody has reviewed included."""
    found: dict[str, str] = {}
    for template in templates:
        for resource in template["Resources"].values():
            found.update(_gaps_of(resource))
    return [Gap(what=what, how=how) for what, how in sorted(found.items())]


def _gaps_of(resource: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    name = resource["Type"]
    if name in STORED:
        yield name, STORED[name]
    elif name not in EMULATED | EMULATED_WITH_GAPS:
        yield name, "not reviewed: nobody has compared it with AWS"
    for key in resource.get("Properties", {}):
        if (name, key) in STORED_PROPERTIES:
            yield f"{name.removeprefix('AWS::')}.{key}", STORED_PROPERTIES[name, key]
