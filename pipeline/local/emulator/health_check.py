"""`AWS::Route53::HealthCheck`, which the emulator's CloudFormation does not know."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from ministack.services import route53
from ministack.services.cloudformation import provisioners

Properties = dict[str, Any]
Created = tuple[str, dict[str, str]]

TYPE = "AWS::Route53::HealthCheck"
PORTS = {"HTTP": 80, "HTTP_STR_MATCH": 80, "HTTPS": 443, "HTTPS_STR_MATCH": 443, "TCP": None}
TYPES = (*PORTS, "CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL")
INTEGERS = ("Port", "RequestInterval", "FailureThreshold", "HealthThreshold")
BOOLEANS = ("MeasureLatency", "Inverted", "Disabled", "EnableSNI")
# What a health check can never change, and CloudFormation replaces it for
# (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-route53-healthcheck-healthcheckconfig.html).
REPLACING = ("Type", "RequestInterval", "MeasureLatency")


def register() -> None:
    """Let CloudFormation here create health checks that Route 53 here then tells of."""
    provisioners._RESOURCE_HANDLERS[TYPE] = {"create": create, "update": update, "delete": delete}


def create(_logical_id: str, properties: Properties, _stack: str) -> Created:
    """Create the health check; returns its id, which is its only attribute too.

    Raises:
        ValueError: Route 53 would refuse its configuration; the stack fails.
    """
    config = _complete(properties)
    check_id, reference = route53._hc_id(), uuid4().hex
    with route53._lock:
        _require(config)
        route53._health_checks[check_id] = {
            "id": check_id,
            "caller_reference": reference,
            "config": config,
            "version": 1,
        }
        route53._hc_caller_refs[reference] = check_id
    return _tagged(check_id, properties)


def update(physical_id: str, old: Properties, new: Properties, stack: str) -> Created:
    """Bring the health check to the new properties, or create another one for what it can never change.

    Raises:
        ValueError: Route 53 would refuse its configuration; the stack fails.
    """
    config, before = _complete(new), _complete(old)
    known = route53._health_checks.get(physical_id)
    if known is None or any(config.get(name) != before.get(name) for name in REPLACING):
        return create(physical_id, new, stack)
    with route53._lock:
        _require(config)
        known["config"] = config
        known["version"] += 1
    return _tagged(physical_id, new)


def delete(physical_id: str, _properties: Properties) -> None:
    """Remove the health check; one that is gone already is no failure."""
    route53._delete_health_check(physical_id)
    route53._tags.pop(("healthcheck", physical_id), None)


def _complete(properties: Properties) -> Properties:
    """Return the configuration in the types of the API, with the defaults that Route 53 fills in."""
    given = properties["HealthCheckConfig"]
    config: Properties = {"Type": "", "Inverted": False, "Disabled": False, **given}
    if config["Type"] in PORTS:
        defaults = {"RequestInterval": 30, "FailureThreshold": 3, "MeasureLatency": False}
        config = {**defaults, "EnableSNI": config["Type"].startswith("HTTPS"), **config}
        if port := PORTS[config["Type"]]:
            config.setdefault("Port", port)
    for name in INTEGERS:
        if name in config:
            config[name] = int(config[name])
    for name in BOOLEANS:
        if name in config:
            config[name] = str(config[name]).lower() == "true"
    return config


def _require(config: Properties) -> None:
    """Raise ValueError unless Route 53 takes the configuration.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
    """
    kind = config["Type"]
    if kind not in TYPES:
        raise ValueError(f"{kind!r} is not a type of health check")
    if kind in PORTS:
        if not (config.get("FullyQualifiedDomainName") or config.get("IPAddress")):
            raise ValueError(f"A health check of type {kind} needs a name or an address")
        if config["RequestInterval"] not in {10, 30} or not 1 <= config["FailureThreshold"] <= 10:
            raise ValueError("A RequestInterval is 10 or 30 s, and a FailureThreshold from 1 to 10")
    if kind == "CALCULATED":
        strangers = [c for c in config.get("ChildHealthChecks", ()) if c not in route53._health_checks]
        if strangers:
            raise ValueError(f"There is no health check {', '.join(strangers)}")
    if kind == "CLOUDWATCH_METRIC" and not {"Name", "Region"} <= config.get("AlarmIdentifier", {}).keys():
        raise ValueError("A health check of type CLOUDWATCH_METRIC needs an alarm's name and Region")


def _tagged(check_id: str, properties: Properties) -> Created:
    tags = {tag["Key"]: tag["Value"] for tag in properties.get("HealthCheckTags", ())}
    route53._tags["healthcheck", check_id] = tags
    return check_id, {"HealthCheckId": check_id}
