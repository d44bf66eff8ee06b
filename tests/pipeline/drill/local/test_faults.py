"""Each fault breaks a real Region as it says, is undone, and is harmless to undo where nothing is broken."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import psutil
import pytest

from pipeline.drill.faults import FaultError
from pipeline.drill.local import faults as module
from pipeline.drill.local.faults import LocalFaults
from pipeline.drill.step import Fault, FaultKind, Role
from pipeline.local import control
from pipeline.local.assembly import StackPlace
from pipeline.local.layout import Layout
from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.clouds import Stack
from tests.pipeline.local.emulator.served import WritingApi

FROZEN = Fault(kind=FaultKind.REGION_FROZEN, role=Role.PRIMARY)
STOPPED = Fault(kind=FaultKind.FUNCTIONS_STOPPED, role=Role.PRIMARY)
NO_TABLE = Fault(kind=FaultKind.TABLE_UNREACHABLE, role=Role.PRIMARY)
# Of what leaves the secondary Region; it arrives in the primary one, which is the one that runs here.
DELAYED = Fault(kind=FaultKind.REPLICATION_DELAYED, role=Role.SECONDARY, delay_ms=700)
PAUSED = Fault(kind=FaultKind.REPLICATION_PAUSED, role=Role.SECONDARY)


@pytest.fixture
def faults(lone_region: LoneRegion, tmp_path: Path) -> LocalFaults:
    return LocalFaults(lone_region.layout, tmp_path / "drill")


def replication(region: LoneRegion) -> tuple[bool, int]:
    status = control.status(region.place)
    assert status is not None
    (found,) = status["replication"]
    return found["paused"], found["lag_setting_ms"]


def state(region: LoneRegion) -> str:
    process = region.service.process
    assert process is not None
    return str(process.status())


def tables(region: LoneRegion) -> int:
    """Ask DynamoDB, and return the status."""
    headers = {"X-Amz-Target": "DynamoDB_20120810.ListTables"}
    answer = httpx.post(region.place.aws_url, content=b"{}", headers=headers, trust_env=False)
    return answer.status_code


def test_a_region_is_frozen_and_answers_again_after_that(
    faults: LocalFaults, lone_region: LoneRegion
) -> None:
    faults.prepare(FROZEN)
    faults.inject(FROZEN)
    try:
        assert state(lone_region) == psutil.STATUS_STOPPED
    finally:
        faults.undo(FROZEN)
    assert control.status(lone_region.place) is not None
    faults.undo(FROZEN)
    assert control.status(lone_region.place) is not None


@pytest.mark.parametrize(
    ("time_scale", "stood_s", "outlived"), [(1, 14, False), (1, 16, True), (10, 4, False), (10, 6, True)]
)
def test_a_region_that_stood_still_for_longer_than_functions_may_run_goes_on_without_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, time_scale: float, stood_s: float, outlived: bool
) -> None:
    thawed: list[bool] = []
    monkeypatch.setattr("pipeline.drill.local.process.freeze", lambda _: None)
    monkeypatch.setattr("pipeline.drill.local.process.thaw", lambda _, *, functions: thawed.append(functions))
    layout = Layout(state=tmp_path)
    LocalFaults(layout, tmp_path / "drill", time_scale=time_scale).inject(FROZEN)
    again_at = time.time() + stood_s
    monkeypatch.setattr("pipeline.drill.local.faults.time.time", lambda: again_at)
    again = LocalFaults(layout, tmp_path / "drill", time_scale=time_scale)
    again.undo(FROZEN)
    again.undo(FROZEN)
    assert thawed == [not outlived, True]


def test_a_table_is_unreachable_until_that_is_undone(faults: LocalFaults, lone_region: LoneRegion) -> None:
    faults.inject(NO_TABLE)
    assert tables(lone_region) == 500
    faults.undo(NO_TABLE)
    assert tables(lone_region) == 200
    faults.undo(NO_TABLE)
    assert tables(lone_region) == 200


def test_replication_is_broken_where_changes_arrive(faults: LocalFaults, lone_region: LoneRegion) -> None:
    faults.inject(DELAYED)
    assert replication(lone_region) == (False, 700)
    faults.inject(PAUSED)
    assert replication(lone_region) == (True, 700)
    faults.undo(PAUSED)
    assert replication(lone_region) == (False, 700)
    faults.undo(DELAYED)
    assert replication(lone_region) == (False, 0)


@pytest.fixture
def api(lone_region: LoneRegion, monkeypatch: pytest.MonkeyPatch) -> WritingApi:
    """An API in the Region, which the assembly names as that of the users."""
    stack = Stack(lone_region)
    place = StackPlace(
        account="000000000000",
        stage="LocalPrimary",
        path="LocalPrimary/Api",
        name=stack.name,
        region=lone_region.place.name,
        template={"Resources": {}, "Outputs": {"ApiEndpoint": {}}},
        template_file=Path("Api.template.json"),
    )
    monkeypatch.setattr(module, "stacks_of", lambda _layout: [place])
    return WritingApi(stack, lone_region.place.aws_url)


def test_functions_are_stopped_and_restored_by_another_process_that_knows_the_folder_only(
    faults: LocalFaults,
    lone_region: LoneRegion,
    api: WritingApi,
    tmp_path: Path,
) -> None:
    def ask(line: str) -> int:
        return httpx.get(api.url(tmp_path / "written", line), trust_env=False, timeout=20).status_code

    faults.prepare(STOPPED)
    assert ask("before") == 200
    faults.inject(STOPPED)
    assert ask("during") == 500
    LocalFaults(lone_region.layout, tmp_path / "drill").undo(STOPPED)
    assert ask("after") == 200


def test_what_was_learnt_first_is_not_learnt_again_from_what_is_broken(
    faults: LocalFaults, api: WritingApi
) -> None:
    faults.prepare(STOPPED)
    faults.inject(STOPPED)
    try:
        faults.prepare(STOPPED)
        assert faults.learnt.concurrency(Role.PRIMARY) == {api.function: None}
    finally:
        faults.undo(STOPPED)


def test_functions_are_not_stopped_before_it_is_known_how_to_undo_that(faults: LocalFaults) -> None:
    with pytest.raises(FaultError, match="prepare comes first"):
        faults.inject(STOPPED)
    faults.undo(STOPPED)


def test_a_region_without_an_api_is_said(faults: LocalFaults) -> None:
    with pytest.raises(FaultError, match="No API is deployed to the primary Region"):
        faults.prepare(STOPPED)


@pytest.mark.parametrize("kind", list(FaultKind))
def test_nothing_is_prepared_for_a_region_that_does_not_run(tmp_path: Path, kind: FaultKind) -> None:
    faults = LocalFaults(Layout(port=9080, state=tmp_path), tmp_path)
    with pytest.raises(FaultError, match="The secondary Region does not run"):
        faults.prepare(Fault(kind=kind, role=Role.SECONDARY, delay_ms=1))


def test_what_cannot_be_broken_or_mended_is_said(tmp_path: Path) -> None:
    faults = LocalFaults(Layout(port=20_080, state=tmp_path), tmp_path)
    for fault in (NO_TABLE, PAUSED, FROZEN):
        with pytest.raises(FaultError):
            faults.inject(fault)
        with pytest.raises(FaultError):
            faults.undo(fault)
