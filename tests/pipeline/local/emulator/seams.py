"""Runs in the emulator's own environment: prints each private name of it that we rely on, and how it looks.

The names are the ones that pipeline/local/emulator replaces, calls or reads. A line is `name signature` for
a function, `name` and its methods for anything else, and `name missing` for one that went away.
"""

from __future__ import annotations

import importlib
import inspect
import json
import sys

SERVICES = "ministack.services"
FUNCTIONS = (
    "ministack.app.app",
    "ministack.app.main",
    "ministack.app._build_persistence_save_dict",
    "ministack.core.persistence.save_all",
    "ministack.core.responses.error_response_json",
    "ministack.core.responses.get_account_id",
    "ministack.core.responses.get_region",
    "ministack.core.responses.request_scope",
    f"{SERVICES}.dynamodb._set_item",
    f"{SERVICES}.dynamodb._remove_item",
    f"{SERVICES}.dynamodb._items_replaced",
    f"{SERVICES}.dynamodb._emit_stream_event",
    f"{SERVICES}.dynamodb._update_ttl",
    f"{SERVICES}.dynamodb.handle_request",
    f"{SERVICES}.cloudformation.provisioners._ddb_global_table_create",
    f"{SERVICES}.cloudformation.provisioners._ddb_global_table_update",
    f"{SERVICES}.cloudformation.provisioners._ddb_global_table_delete",
    f"{SERVICES}.cloudformation.stacks._runs_on_worker_thread",
)
SCOPED = ("_tables", "_tags", "_ttl_settings", "_pitr_settings")


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
    methods = ("all_items", "get", "get_scoped", "pop", "__contains__", "__getitem__", "__setitem__")
    found = {
        "functions": {name: signature(name) for name in FUNCTIONS},
        "scoped": {name: [m for m in methods if not hasattr(type_, m)] for name, type_ in scoped.items()},
        "index_members": getattr(dynamodb, "_INDEX_MEMBERS", "missing"),
        "handlers": {
            kind: sorted(handlers)
            for kind, handlers in getattr(provisioners, "_RESOURCE_HANDLERS", {}).items()
            if kind == "AWS::DynamoDB::GlobalTable"
        },
        "persisted": "dynamodb" in getattr(app, "_state_map", {}),
        "writers": called_by("_set_item", f"{SERVICES}.dynamodb"),
        "removers": called_by("_remove_item", f"{SERVICES}.dynamodb"),
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
