"""Route 53 in a Region's process: the zone that is the owner's, and what the emulator's own code loses."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from ministack.core.responses import request_scope
from ministack.services import route53
from ministack.services.cloudformation import provisioners

Properties = dict[str, Any]
Created = tuple[str, dict[str, Any]]

LISTS = {"ChildHealthChecks": "ChildHealthCheck", "Regions": "Region"}
RECORD_SET = "AWS::Route53::RecordSet"

_parse_config, _build_check = route53._parse_health_check_config, route53._build_health_check_el
_update_record = provisioners._r53_record_set_update


def seed(zone_id: str, name: str, account: str, region: str) -> None:
    """Have the zone, as its owner created it before anything was deployed; records that are there stay.

    Route 53 is global on AWS. Here each Region's process keeps the records that its own stacks deployed.
    """
    with request_scope(account, region):
        if zone_id in route53._zones:
            return
        domain = route53._normalise_name(name)
        zone = {"id": zone_id, "name": domain, "caller_reference": zone_id, "comment": "", "private": False}
        route53._zones[zone_id] = zone
        route53._records[zone_id] = route53._default_records(domain)
        route53._caller_refs[zone_id] = zone_id


def attach() -> None:
    """From now on, lose nothing of a health check on its way, and leave no renamed record behind."""
    route53._parse_health_check_config = _parsed
    route53._build_health_check_el = _built
    provisioners._RESOURCE_HANDLERS[RECORD_SET]["update"] = _record_updated


def _parsed(element: Element) -> Properties:
    """Return the configuration with its lists, of which the emulator reads the members' own members."""
    config: Properties = _parse_config(element)
    for name, member in LISTS.items():
        if (found := route53._find(element, name)) is not None:
            config[name] = [each.text or "" for each in route53._findall(found, member)]
    return config


def _built(parent: Element, check: Properties) -> None:
    """Write the health check with `true` and `false`: an SDK takes the `True` of the emulator for false."""
    config = {
        key: str(value).lower() if isinstance(value, bool) else value
        for key, value in check["config"].items()
    }
    _build_check(parent, {**check, "config": config})


def _record_updated(physical_id: str, old: Properties, new: Properties, stack_name: str) -> Created:
    """Replace a record whose identity changes: its predecessor of the same name has the same physical id."""
    key = provisioners._r53_record_set_build_rs
    renamed = route53._rs_key(key(old)) != route53._rs_key(key(new))
    created: Created = _update_record(physical_id, old, new, stack_name)
    if renamed and created[0] == physical_id:
        provisioners._delete_predecessor(provisioners._r53_record_set_delete, physical_id, old)
    return created
