"""After a restore one table serves, and the one that it was restored from is kept, and used by nothing."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from pipeline.config import LOCAL
from pipeline.local.layout import ROOT
from tests.stacks import assembly as assemblies
from tests.stacks.assembly import Assembly, Stack
from tests.stacks.test_data import TABLE_ID

# Neither is the name of the service, which much else is named by.
FORMER, SERVING = "users-local-restored-a", "users-local-restored-b"
TABLE = "AWS::DynamoDB::GlobalTable"


@pytest.fixture(scope="module")
def restored(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    outdir = tmp_path_factory.mktemp("restored")
    environment = {
        "CDK_OUTDIR": str(outdir),
        "CDK_CONTEXT_JSON": json.dumps({"deployments": "local,localprod"}),
        "USERS_TABLES": json.dumps({"local": [LOCAL.table_name, FORMER, SERVING]}),
    }
    subprocess.run([sys.executable, "app.py"], cwd=ROOT, env=os.environ | environment, check=True)
    return assemblies.read(outdir)


@pytest.fixture
def data(restored: Assembly) -> Stack:
    return restored.stacks["LocalData-Data"]


def naming(stacks: Mapping[str, Stack], table: str) -> set[str]:
    """The stacks that name a table, in whatever place."""
    return {name for name, stack in stacks.items() if table in json.dumps(stack.template)}


def every(assembly: Assembly) -> Mapping[str, Stack]:
    return {**assembly.stacks, **assembly.pipeline}


def with_another_name(value: Any, table: str, another: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads(json.dumps(value).replace(table, another))


def test_nothing_but_the_data_stack_names_a_former_table(restored: Assembly) -> None:
    assert naming(every(restored), FORMER) == {"LocalData-Data"}


def test_a_stack_that_goes_on_with_a_former_table_would_be_found(restored: Assembly) -> None:
    api = restored.stacks["LocalPrimary-Api"]
    left = Stack(**{**vars(api), "template": with_another_name(api.template, SERVING, FORMER)})
    stacks = {**every(restored), "LocalPrimary-Api": left}
    assert naming(stacks, FORMER) == {"LocalData-Data", "LocalPrimary-Api"}


def test_all_that_named_the_first_table_names_the_one_that_serves(
    restored: Assembly, assembly: Assembly
) -> None:
    before = {name: list(tables(stack)) for name, stack in assembly.stacks.items() if _is_local(name)}
    after = {name: list(tables(stack)) for name, stack in restored.stacks.items() if _is_local(name)}
    assert {LOCAL.table_name} == {each for found in before.values() for each in found}
    assert {name: len(found) for name, found in before.items() if found} == {
        name: found.count(SERVING) for name, found in after.items() if found
    }


def test_the_pipeline_drills_and_looks_at_the_table_that_serves(restored: Assembly) -> None:
    access = {name: stack for name, stack in restored.pipeline.items() if name.endswith("LocalAccess-Access")}
    assert naming(access, f"table/{SERVING}") == set(access) != set()


def test_each_table_keeps_all_of_its_settings_and_its_replica(data: Stack) -> None:
    found = list(data.of_type(TABLE).values())
    names = [table["Properties"]["TableName"] for table in found]
    assert names == [LOCAL.table_name, FORMER, SERVING]
    first, *others = [with_another_name(table, name, "T") for table, name in zip(found, names, strict=True)]
    for other in others:
        assert untagged(other) == untagged(first)
    assert {(table["DeletionPolicy"], table["UpdateReplacePolicy"]) for table in found} == {
        ("Retain", "Retain")
    }


def test_the_first_table_keeps_the_logical_id_that_was_released(data: Stack) -> None:
    ids = {table["Properties"]["TableName"]: id_ for id_, table in data.of_type(TABLE).items()}
    assert ids[LOCAL.table_name] == TABLE_ID
    assert len(set(ids.values())) == 3


def untagged(table: Any) -> Any:  # noqa: ANN401 - JSON
    """A table without its tags, by which only the one that serves is backed up."""
    replicas = [
        {key: value for key, value in each.items() if key != "Tags"}
        for each in table["Properties"]["Replicas"]
    ]
    return {**table, "Properties": {**table["Properties"], "Replicas": replicas}, "Metadata": None}


def tables(stack: Stack) -> Iterator[str]:
    """The tables that functions, alarms and custom resources of a stack are told by their names."""
    for resource in stack.template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Lambda::Function":
            variables = properties.get("Environment", {}).get("Variables", {})
            yield from (value for name, value in variables.items() if name == "TABLE_NAME")
        if resource["Type"] == "Custom::TableStream":
            yield properties["TableName"]
        for dimension in _dimensions(properties):
            if dimension["Name"] == "TableName":
                yield dimension["Value"]


def _dimensions(value: object) -> Iterator[Mapping[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from inner if key == "Dimensions" else _dimensions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _dimensions(inner)


def _is_local(name: str) -> bool:
    return name.startswith(("LocalPrimary", "LocalSecondary"))
