"""Runs in the emulator's own environment: prints each private name of it that we rely on, and how it looks.

The names are the ones that pipeline/local/emulator replaces, calls or reads. A line is `name signature` for
a function, `name` and its methods for anything else, and `name missing` for one that went away.
"""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from collections.abc import Mapping, Sequence

SERVICES = "ministack.services"
CLOUDFORMATION = f"{SERVICES}.cloudformation"
FUNCTIONS = {
    "ministack.app": (
        "app",
        "main",
        "_build_persistence_save_dict",
    ),
    "ministack.core.persistence": ("save_all",),
    "ministack.core.responses": (
        "error_response_json",
        "get_account_id",
        "get_region",
        "json_response",
        "request_scope",
    ),
    f"{SERVICES}.dynamodb": (
        "_set_item",
        "_remove_item",
        "_items_replaced",
        "_delete_table",
        "_emit_stream_event",
        "_stream_label",
        "_update_table",
        "_create_table",
        "_normalize_table_name",
        "_restore_create_request",
        "_update_ttl",
        "_table_description",
        "_vector_index_info",
        "handle_request",
    ),
    f"{CLOUDFORMATION}.provisioners": (
        "_ddb_global_table_create",
        "_ddb_global_table_update",
        "_ddb_global_table_delete",
        "_cw_metric_alarm_record",
        "_delete_predecessor",
        "_lambda_alias_update",
        "_lambda_esm_update",
        "_lambda_function_for_cfn_ref",
        "_lambda_version_create",
        "_physical_name",
        "_r53_record_set_build_rs",
        "_r53_record_set_delete",
        "_r53_record_set_update",
    ),
    f"{CLOUDFORMATION}.stacks": ("_runs_on_worker_thread",),
    f"{SERVICES}.backup": (
        "_delete_vault",
        "_err",
        "_no_content",
        "_ok",
        "handle_request",
        "load_persisted_state",
    ),
    f"{SERVICES}.eventbridge": ("_put_events",),
    CLOUDFORMATION: ("handle_request",),
    f"{SERVICES}.cloudwatch": (
        "_calc_stats",
        "_describe_alarms",
        "_dims_from_list",
        "_dims_key",
        "_dispatch_alarm_actions",
        "_evaluate_alarm",
        "_evaluate_all_alarms",
        "_evaluate_parent_alarms",
        "_evict_old_metrics",
        "_put_composite_alarm",
        "_record_history",
        "_stat_value",
    ),
    f"{SERVICES}.lambda_svc": (
        "_reserved_concurrency",
        "_resolve_name_and_qualifier",
        "lambda_execute_result_to_api_proxy_response",
        "reap_idle_workers",
    ),
    f"{SERVICES}.route53": (
        "_build_health_check_el",
        "_default_records",
        "_delete_health_check",
        "_find",
        "_findall",
        "_hc_id",
        "_normalise_name",
        "_parse_health_check_config",
        "_rs_key",
    ),
    "ministack.core.lambda_runtime": (
        "kill_workers",
        "reap_idle_workers",
    ),
}
STORES = {
    f"{SERVICES}.backup": ("_vaults",),
    f"{SERVICES}.cloudformation": ("_stacks",),
    f"{SERVICES}.cloudwatch": ("_composite_alarms", "_composite_triggers", "_metrics", "_resource_tags"),
    f"{SERVICES}.lambda_svc": ("_esms", "_functions"),
    f"{SERVICES}.route53": (
        "_caller_refs",
        "_hc_caller_refs",
        "_health_checks",
        "_records",
        "_tags",
        "_zones",
    ),
    "ministack.core.lambda_runtime": ("_lock", "_workers"),
}
SCOPED = ("_tables", "_tags", "_ttl_settings", "_pitr_settings")


def every(names: Mapping[str, Sequence[str]]) -> list[str]:
    """The full names of what is listed by module."""
    return [f"{module}.{name}" for module, listed in names.items() for name in listed]


def look_up(name: str) -> object:
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute, None)


def signature(name: str) -> str:
    found = look_up(name)
    return str(inspect.signature(found)) if callable(found) else "missing"


def called_by(function: str, module: str) -> list[str]:
    """The names that the functions of the module look up when they run, and so meet our replacements."""
    loaded = importlib.import_module(module)
    code = [value.__code__ for value in vars(loaded).values() if inspect.isfunction(value)]
    return sorted(item.co_name for item in code if function in item.co_names)


def main() -> None:
    dynamodb = importlib.import_module(f"{SERVICES}.dynamodb")
    provisioners = importlib.import_module(f"{SERVICES}.cloudformation.provisioners")
    app = importlib.import_module("ministack.app")
    scoped = {name: type(getattr(dynamodb, name, None)) for name in SCOPED}
    methods = ("all_items", "items", "get", "get_scoped", "pop", "__contains__", "__getitem__", "__setitem__")
    found = {
        "functions": {name: signature(name) for name in every(FUNCTIONS)},
        "scoped": {name: [m for m in methods if not hasattr(type_, m)] for name, type_ in scoped.items()},
        "index_members": getattr(dynamodb, "_INDEX_MEMBERS", "missing"),
        "handlers": {
            kind: sorted(handlers)
            for kind, handlers in getattr(provisioners, "_RESOURCE_HANDLERS", {}).items()
            if kind in ("AWS::Backup::BackupVault", "AWS::DynamoDB::GlobalTable")
        },
        "stores": {name: type(look_up(name)).__name__ for name in every(STORES)},
        "persisted": "dynamodb" in getattr(app, "_state_map", {}),
        "writers": called_by("_set_item", f"{SERVICES}.dynamodb"),
        "removers": called_by("_remove_item", f"{SERVICES}.dynamodb"),
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
