"""The emulator's private names that we rely on are there, so that a new version of it cannot pass us by."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pipeline.local.platform import EMULATOR_PYTHON, environment
from tests.pipeline.local.emulator import seams

EXPECTED = {
    "ministack.app.app": "(scope, receive, send)",
    "ministack.app.main": "()",
    "ministack.app._build_persistence_save_dict": "()",
    "ministack.core.persistence.save_all": "(services: dict) -> None",
    "ministack.core.responses.error_response_json": "(code: str, message: str, status: int = 400, ",
    "ministack.core.responses.get_account_id": "() -> str",
    "ministack.core.responses.get_region": "() -> str",
    "ministack.core.responses.request_scope": "(account_id: str, region: str)",
    "ministack.services.dynamodb._set_item": "(table, pk_val, sk_val, item)",
    "ministack.services.dynamodb._remove_item": "(table, pk_val, sk_val)",
    "ministack.services.dynamodb._items_replaced": "(table)",
    "ministack.services.dynamodb._emit_stream_event": (
        "(table_name: str, event_name: str, old_item: dict | None, new_item: dict | None, "
        "replicate: bool = True)"
    ),
    "ministack.services.dynamodb._update_ttl": "(data)",
    "ministack.services.dynamodb.handle_request": (
        "(method: str, path: str, headers: dict, body: bytes, query_params: dict) -> tuple"
    ),
    "ministack.services.cloudformation.provisioners._ddb_global_table_create": (
        "(logical_id, props, stack_name)"
    ),
    "ministack.services.cloudformation.provisioners._ddb_global_table_update": (
        "(physical_id, old_props, new_props, stack_name)"
    ),
    "ministack.services.cloudformation.provisioners._ddb_global_table_delete": "(physical_id, props)",
    "ministack.services.cloudformation.stacks._runs_on_worker_thread": "(resource_type: str) -> bool",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    state = {"STATE_DIR": str(tmp_path_factory.mktemp("state")), "IOT_MTLS_ENABLED": "0"}
    command = [str(EMULATOR_PYTHON), str(Path(seams.__file__))]
    result = subprocess.run(  # noqa: S603 - the emulator's own Python
        command, env=environment() | state, capture_output=True, text=True, check=True
    )
    return dict(json.loads(result.stdout))


def test_every_function_that_is_looked_up_is_expected() -> None:
    assert set(seams.FUNCTIONS) == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_function_that_we_replace_or_call_is_as_we_know_it(found: dict[str, Any], name: str) -> None:
    signature = found["functions"][name]
    assert signature.startswith(EXPECTED[name]), f"{name} is now {signature}"


@pytest.mark.parametrize("name", seams.SCOPED)
def test_what_is_kept_per_account_and_region_can_be_asked_so(found: dict[str, Any], name: str) -> None:
    assert found["scoped"][name] == [], f"{name} lacks these"


def test_the_rest_of_what_we_read_is_there(found: dict[str, Any]) -> None:
    assert found["index_members"] == "_index_members"
    assert found["handlers"] == {"AWS::DynamoDB::GlobalTable": ["create", "delete", "update"]}
    assert found["persisted"] is True


def test_every_way_to_write_a_row_passes_where_we_journal_it(found: dict[str, Any]) -> None:
    writes = {"_put_item", "_update_item", "_batch_write_item", "_transact_write_items", "_partiql_insert"}
    removes = {"_delete_item", "_batch_write_item", "_transact_write_items", "_partiql_delete", "_ttl_reaper"}
    assert writes | {"_partiql_update"} <= set(found["writers"])
    assert removes <= set(found["removers"])
