"""The emulator's private names that we rely on are there, so that a new version of it cannot pass us by."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pipeline.local.layout import ROOT
from pipeline.local.platform import EMULATOR_PYTHON, environment
from tests.pipeline.local.emulator import seams

SIGNATURES = {
    "ministack.app": {
        "app": "(scope, receive, send)",
        "main": "()",
        "_build_persistence_save_dict": "()",
    },
    "ministack.core.persistence": {
        "save_all": "(services: dict) -> None",
    },
    "ministack.core.responses": {
        "error_response_json": "(code: str, message: str, status: int = 400, ",
        "get_account_id": "() -> str",
        "get_region": "() -> str",
        "json_response": "(data: dict, status: int = 200",
        "request_scope": "(account_id: str, region: str)",
    },
    f"{seams.SERVICES}.dynamodb": {
        "_set_item": "(table, pk_val, sk_val, item)",
        "_remove_item": "(table, pk_val, sk_val)",
        "_items_replaced": "(table)",
        "_delete_table": "(data)",
        "_stream_label": "() -> str",
        "_update_table": "(data)",
        "_emit_stream_event": "(table_name: str, event_name: str, old_item: dict | None",
        "_create_table": "(data)",
        "_normalize_table_name": "(value: str) -> str",
        "_restore_create_request": (
            "(target, key_schema, attr_defs, billing_mode, throughput, data, gsis, lsis, vector_indexes)"
        ),
        "_update_ttl": "(data)",
        "_vector_index_info": "(vix: dict) -> dict",
        "_table_description": "(name)",
        "handle_request": "(method: str, path: str, headers: dict, body: bytes",
    },
    f"{seams.SERVICES}.backup": {
        "_delete_vault": "(name)",
        "_err": "(code, msg, status=400)",
        "_no_content": "()",
        "_ok": "(body)",
        "handle_request": "(method, path, headers, body_bytes, query_params)",
        "load_persisted_state": "(data)",
    },
    f"{seams.SERVICES}.eventbridge": {
        "_put_events": "(data, allow_aws_source=False)",
    },
    f"{seams.CLOUDFORMATION}.provisioners": {
        "_ddb_global_table_create": "(logical_id, props, stack_name)",
        "_ddb_global_table_update": "(physical_id, old_props, new_props, stack_name)",
        "_ddb_global_table_delete": "(physical_id, props)",
        "_cw_metric_alarm_record": "(name, props)",
        "_delete_predecessor": "(delete_fn, *args, **kwargs)",
        "_lambda_alias_update": "(physical_id, old_props, new_props, stack_name",
        "_lambda_esm_update": "(physical_id, old_props, new_props, stack_name)",
        "_lambda_function_for_cfn_ref": "(function_ref: str) -> tuple[dict | None, str, str",
        "_lambda_version_create": "(logical_id, props, stack_name)",
        "_physical_name": "(stack_name: str, logical_id: str, *",
        "_r53_record_set_build_rs": "(props: dict) -> dict",
        "_r53_record_set_delete": "(physical_id, props)",
        "_r53_record_set_update": "(physical_id, old_props, new_props, stack_name)",
    },
    f"{seams.CLOUDFORMATION}.stacks": {
        "_runs_on_worker_thread": "(resource_type: str) -> bool",
    },
    seams.CLOUDFORMATION: {
        "handle_request": "(method: str, path: str, headers: dict, body: bytes",
    },
    f"{seams.SERVICES}.cloudwatch": {
        "_calc_stats": "(points)",
        "_describe_alarms": "(params, cbor_data, is_cbor, is_json=False)",
        "_dims_from_list": "(dimensions: list[dict]) -> dict",
        "_dims_key": "(dims: dict) -> str",
        "_dispatch_alarm_actions": "(alarm, old_state, new_state, reason)",
        "_evaluate_alarm": "(alarm)",
        "_evaluate_all_alarms": "()",
        "_evaluate_parent_alarms": "(child, seen=frozenset())",
        "_evict_old_metrics": "()",
        "_put_composite_alarm": "(params, cbor_data, is_cbor, is_json=False)",
        "_record_history": "(alarm_name, old_state, new_state, reason",
        "_stat_value": "(stats, stat_name, points=None)",
    },
    f"{seams.SERVICES}.lambda_svc": {
        "_resolve_name_and_qualifier": "(name_or_arn: str) -> tuple[str, str | None]",
        "_reserved_concurrency": "(func: dict, config: dict) -> int | None",
        "lambda_execute_result_to_api_proxy_response": (
            "(exec_result: dict) -> tuple[dict | None, str | None]"
        ),
        "reap_idle_workers": "(ttl: float = None) -> int",
    },
    f"{seams.SERVICES}.route53": {
        "_build_health_check_el": "(parent: xml.etree.ElementTree.Element, hc: dict)",
        "_default_records": "(zone_name: str) -> list",
        "_delete_health_check": "(hc_id: str)",
        "_find": "(el, tag)",
        "_findall": "(el, tag)",
        "_hc_id": "() -> str",
        "_normalise_name": "(name: str) -> str",
        "_parse_health_check_config": "(el) -> dict",
        "_rs_key": "(rs: dict) -> tuple",
    },
    "ministack.core.lambda_runtime": {
        "kill_workers": "(workers) -> None",
        "reap_idle_workers": "(ttl: float = None) -> int",
    },
}
EXPECTED = {
    f"{module}.{name}": signature
    for module, functions in SIGNATURES.items()
    for name, signature in functions.items()
}

KINDS = {
    f"{seams.SERVICES}.backup": "AccountRegionScopedDict",
    f"{seams.SERVICES}.cloudformation": "AccountRegionScopedDict",
    f"{seams.SERVICES}.cloudwatch": "AccountRegionScopedDict",
    f"{seams.SERVICES}.lambda_svc": "AccountRegionScopedDict",
    f"{seams.SERVICES}.route53": "AccountScopedDict",
    "_resource_tags": "AccountScopedDict",
    "_workers": "dict",
    "_lock": "lock",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    state = {"STATE_DIR": str(tmp_path_factory.mktemp("state")), "IOT_MTLS_ENABLED": "0"}
    command = [str(ROOT / EMULATOR_PYTHON), str(Path(seams.__file__))]
    result = subprocess.run(  # noqa: S603 - the emulator's own Python
        command, env=environment() | state, capture_output=True, text=True, check=True
    )
    return dict(json.loads(result.stdout))


def test_every_function_that_is_looked_up_is_expected() -> None:
    assert set(seams.every(seams.FUNCTIONS)) == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_function_that_we_replace_or_call_is_as_we_know_it(found: dict[str, Any], name: str) -> None:
    signature = found["functions"][name]
    assert signature.startswith(EXPECTED[name]), f"{name} is now {signature}"


@pytest.mark.parametrize("name", seams.SCOPED)
def test_what_is_kept_per_account_and_region_can_be_asked_so(found: dict[str, Any], name: str) -> None:
    assert found["scoped"][name] == [], f"{name} lacks these"


def test_the_rest_of_what_we_read_is_there(found: dict[str, Any]) -> None:
    assert found["index_members"] == "_index_members"
    handlers = ["create", "delete", "update"]
    assert found["handlers"] == {
        "AWS::Backup::BackupVault": [*handlers, "update_with_logical_id"],
        "AWS::DynamoDB::GlobalTable": handlers,
    }
    assert found["persisted"] is True


@pytest.mark.parametrize("name", seams.every(seams.STORES))
def test_a_store_that_we_read_or_fill_is_of_its_kind(found: dict[str, Any], name: str) -> None:
    module, _, attribute = name.rpartition(".")
    assert found["stores"][name] == KINDS.get(attribute, KINDS.get(module))


def test_every_way_to_write_a_row_passes_where_we_journal_it(found: dict[str, Any]) -> None:
    writes = {"_put_item", "_update_item", "_batch_write_item", "_transact_write_items", "_partiql_insert"}
    removes = {"_delete_item", "_batch_write_item", "_transact_write_items", "_partiql_delete", "_ttl_reaper"}
    assert writes | {"_partiql_update"} <= set(found["writers"])
    assert removes <= set(found["removers"])
