"""A restore goes on beside other requests, and over a kill, until the last row is in."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.recoverable import Recoverable, row
from tests.waiting import eventually

MANY = 3_000


@pytest.fixture(scope="module")
def many(lone_region: LoneRegion) -> Recoverable:
    table = Recoverable(lone_region)
    table.fill(MANY)
    return table


@pytest.fixture
def table(lone_region: LoneRegion) -> Recoverable:
    return Recoverable(lone_region)


def folder(region: LoneRegion) -> Path:
    return region.journal.with_name("restores")


def kill_half_way(region: LoneRegion, table: Recoverable) -> str:
    """Begin to restore the table, and kill the Region once some rows are in, but not all."""
    target = table.restore()
    eventually(lambda: f"/{target}".encode() in region.journal.read_bytes() and table.stamps(target))
    region.kill()
    assert 0 < len(table.stamps(target)) < MANY
    return target


def test_a_restore_that_was_killed_half_way_goes_on(lone_region: LoneRegion, many: Recoverable) -> None:
    target = kill_half_way(lone_region, many)
    former = len(many.stamps(target))

    lone_region.start()

    assert many.rows(many.await_active(target)) == many.rows()
    assert many.describe(target)["RestoreSummary"]["RestoreInProgress"] is False
    assert len(many.stamps(target)) == MANY, f"{former} rows were there before, and are not written again"
    assert not list(folder(lone_region).iterdir())


def test_a_restore_whose_snapshot_is_damaged_leaves_no_half_table(
    lone_region: LoneRegion, many: Recoverable
) -> None:
    target = kill_half_way(lone_region, many)
    (file,) = folder(lone_region).glob("*.jsonl")
    file.write_bytes(file.read_bytes()[:-10])
    lone_region.start()

    eventually(lambda: not many.exists(target))
    lone_region.kill()
    lone_region.start()
    assert not many.exists(target)
    assert not list(folder(lone_region).iterdir())


def test_what_is_left_of_a_restore_that_never_began_is_removed(
    lone_region: LoneRegion, table: Recoverable
) -> None:
    table.put("ada")
    table.restored()
    lone_region.kill()
    (folder(lone_region) / "left.jsonl.part").write_text("half")
    lone_region.start()
    assert not list(folder(lone_region).iterdir())


def test_the_region_serves_while_it_restores(many: Recoverable, table: Recoverable) -> None:
    target = many.restore()
    during = 0
    while many.describe(target)["TableStatus"] == "CREATING":
        table.put("meanwhile", during)
        during += 1
    assert during
    assert len(many.rows(target)) == MANY


def test_a_table_is_creating_until_it_is_filled(many: Recoverable) -> None:
    target = many.restore()
    begun = many.describe(target)
    many.await_active(target)
    ended = many.describe(target)

    assert (begun["TableStatus"], begun["RestoreSummary"]["RestoreInProgress"]) == ("CREATING", True)
    assert begun["GlobalSecondaryIndexes"][0]["IndexStatus"] == "CREATING"
    assert ended["RestoreSummary"] == {**begun["RestoreSummary"], "RestoreInProgress": False}
    assert ended["RestoreSummary"]["SourceTableArn"] == many.describe()["TableArn"]
    assert ended["GlobalSecondaryIndexes"][0]["IndexStatus"] == "ACTIVE"
    assert ended["ItemCount"] == MANY


def test_a_restored_row_is_a_new_write(table: Recoverable) -> None:
    written = table.put("ada")
    target = table.await_active(table.restore())
    (stamp,) = table.stamps(target)
    assert written < stamp <= time.time_ns() // 1_000


def test_a_restored_table_is_there_after_a_kill(lone_region: LoneRegion, table: Recoverable) -> None:
    table.put("ada")
    target = table.await_active(table.restore())
    described = table.describe(target)
    lone_region.kill()
    lone_region.start()
    assert table.describe(target) == described
    assert table.rows(target) == {"ada": row("ada")}


def test_a_commit_of_a_restore_is_small(lone_region: LoneRegion, table: Recoverable) -> None:
    table.fill(1_000)
    target = table.await_active(table.restore())
    lines = [line for line in lone_region.journal.read_text().splitlines() if f"/{target}" in line]
    assert max(len(json.loads(line)["changes"]) for line in lines) <= 100
