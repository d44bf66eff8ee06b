"""The replayer: between which tables it may carry rows."""

import re

import pytest

from pipeline.local.layout import ROOT
from tests.stacks.assembly import Assembly
from tests.stacks.backups import table_of
from tests.stacks.constructs.test_table_alarms import KNOWN
from tests.stacks.grants import rights


@pytest.mark.parametrize(
    ("name", "service"), [("ProdPrimary", "users-prod"), ("LocalSecondary", "users-local")]
)
def test_it_reads_and_writes_the_tables_of_its_service_and_makes_and_removes_none(
    assembly: Assembly, name: str, service: str
) -> None:
    found = rights(
        assembly.stacks[f"{name}-Backup"].template, handler="lambdas.recovery.handlers.replay.handler"
    )
    tables = {resource: actions for resource, actions in found.items() if ":dynamodb:" in resource}
    assert set(tables) == {table_of(service), table_of(f"{service}-restored*")}
    for actions in tables.values():
        # Its transactions put and delete rows; what went with a deletion it removes in batches.
        assert actions == {f"dynamodb:{name}" for name in ("BatchWriteItem", "DeleteItem", "PutItem", "Scan")}
    assert found["*"] == {"xray:PutTelemetryRecords", "xray:PutTraceSegments"}


def test_it_asks_for_nothing_more_itself() -> None:
    sources = [file.read_text() for file in (ROOT / "lambdas/recovery/adapters").glob("replay_*.py")]
    assert sources
    assert {name for text in sources for name in re.findall(r'"(\w+)"', text)} & KNOWN == {"Scan"}
