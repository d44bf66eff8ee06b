"""Published versions of functions: of those that no alias leads to, few are kept and none keeps a process."""

from __future__ import annotations

from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc
from ministack.services.cloudformation import provisioners

Properties = dict[str, Any]
Created = tuple[str, dict[str, Any]]
Function = dict[str, Any]

# On AWS a retained version stays for ever. Each keeps its code, so here these many do, and those of aliases.
KEPT = 3
VERSION, ALIAS = "AWS::Lambda::Version", "AWS::Lambda::Alias"
MAPPING = "AWS::Lambda::EventSourceMapping"

_create, _reap = provisioners._lambda_version_create, lambda_runtime.reap_idle_workers
_update_alias, _update_mapping = provisioners._lambda_alias_update, provisioners._lambda_esm_update


def attach() -> None:
    """From now on, forget old versions when one is published, and end their processes when they are idle."""
    provisioners._lambda_version_create = publish
    provisioners._RESOURCE_HANDLERS[VERSION]["create"] = publish
    provisioners._RESOURCE_HANDLERS[ALIAS]["update"] = _alias_updated
    provisioners._RESOURCE_HANDLERS[MAPPING]["update"] = _mapping_updated
    lambda_svc.reap_idle_workers = reap


def publish(logical_id: str, properties: Properties, stack: str) -> Created:
    """Publish a version; returns its qualified ARN and `Version`.

    Raises:
        ValueError: nothing changed since the last version; the stack fails, as on AWS.
    """
    created: Created = _create(logical_id, properties, stack)
    function = provisioners._lambda_function_for_cfn_ref(properties["FunctionName"])[0]
    if function is not None:
        versions, reached = function["versions"], reachable(function)
        for version in sorted(versions, key=int)[:-KEPT]:
            if version not in reached:
                del versions[version]
    return created


def reachable(function: Function) -> set[str]:
    """Return the versions that the function's aliases lead to."""
    reached = set()
    for alias in function["aliases"].values():
        routed = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
        reached |= {alias["FunctionVersion"], *routed}
    return reached


def reap(ttl: float | None = None) -> int:
    """End surplus processes as the emulator does, and the idle ones of versions that no alias leads to.

    Args:
        ttl: for how many seconds a surplus process was idle; the emulator's own setting if None.

    Returns:
        How many processes were ended.
    """
    wanted = {
        f"{account}:{region}:{name}:{version}"
        for (account, region, name), function in list(lambda_svc._functions.all_items())
        for version in {"$LATEST", *reachable(function)}
    }
    idle = []
    with lambda_runtime._lock:
        for key in lambda_runtime._workers.keys() - wanted:
            idle += [worker for worker in lambda_runtime._workers[key] if not worker.in_use]
            busy = [worker for worker in lambda_runtime._workers[key] if worker.in_use]
            lambda_runtime._workers[key] = busy
            if not busy:
                del lambda_runtime._workers[key]
    lambda_runtime.kill_workers(idle)
    return len(idle) + int(_reap(ttl))


def _alias_updated(*arguments: Any, **options: Any) -> Created:  # noqa: ANN401 - as the emulator has it
    """Move the alias, and let the processes go that served only through it; those at work end later."""
    updated: Created = _update_alias(*arguments, **options)
    reap()
    return updated


def _mapping_updated(physical_id: str, old: Properties, new: Properties, stack: str) -> Created:
    """Have the mapping follow the alias that it now names: the emulator changes all but the qualifier."""
    created: Created = _update_mapping(physical_id, old, new, stack)
    mapping = lambda_svc._esms[created[0]]
    mapping["Qualifier"] = lambda_svc._resolve_name_and_qualifier(new["FunctionName"])[1]
    return created
