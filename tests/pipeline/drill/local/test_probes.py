"""What a drill sees here: what DNS said, how far replication is, who called AWS."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.drill.probes import ProbeError
from pipeline.drill.step import Role
from pipeline.drill.timeline import AnswerChanged, CallMade
from tests.pipeline.drill.local.dns_events import AT, NAME, answer, start, write
from tests.pipeline.drill.local.machine import Machine

CALL = {"at": 12.0, "service": "dynamodb", "action": "GetItem", "agent": "users"}


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    found = Machine(tmp_path)
    yield found
    found.stop()


def test_dns_tells_where_it_leads(machine: Machine) -> None:
    for role in ("primary", "secondary"):
        machine.says["dns health"] = {"answers": {f"{NAME}.": {"role": role}, f"x.{NAME}.": {"role": None}}}
        assert asyncio.run(machine.probes().answered()) is Role(role)


@pytest.mark.parametrize("state", [None, {"answers": {}}, {"answers": {f"{NAME}.": {"role": None}}}])
def test_dns_that_leads_nowhere_or_does_not_tell_leads_to_none(
    machine: Machine, state: dict[str, Any] | None
) -> None:
    if state is not None:
        machine.says["dns health"] = state
    assert asyncio.run(machine.probes().answered()) is None


def replication(peer: str, behind_ms: float, *, connected: bool = True) -> dict[str, Any]:
    return {"replication": [{"peer": peer, "connected": connected, "behind_ms": behind_ms}]}


def test_lag_is_asked_where_changes_arrive(machine: Machine) -> None:
    machine.says["secondary status"] = replication("eu-west-1", 1500)
    machine.says["primary status"] = replication("eu-central-1", 20)
    assert asyncio.run(machine.probes().lag_s(Role.PRIMARY)) == 1.5
    assert asyncio.run(machine.probes().lag_s(Role.SECONDARY)) == 0.02


def test_nobody_knows_the_lag_where_the_other_region_is_gone_or_apart(machine: Machine) -> None:
    assert asyncio.run(machine.probes().lag_s(Role.PRIMARY)) is None
    machine.says["secondary status"] = replication("eu-west-1", 0, connected=False)
    assert asyncio.run(machine.probes().lag_s(Role.PRIMARY)) is None


def test_changes_of_dns_are_told_from_a_time_on_and_kept_over_its_restart(machine: Machine) -> None:
    probes, folder = machine.probes(), machine.layout.state
    write(folder, start(0), answer(1, NAME, "eu-west-1"), answer(5, NAME, "eu-central-1"))
    assert asyncio.run(probes.changes(AT + 2)) == [AnswerChanged(at=AT + 5, region="eu-central-1")]
    write(folder, start(8), answer(9, NAME, "eu-west-1"))
    assert asyncio.run(probes.changes(AT + 2)) == [
        AnswerChanged(at=AT + 5, region="eu-central-1"),
        AnswerChanged(at=AT + 9, region="eu-west-1"),
    ]


def test_a_log_that_was_kept_is_read_too(machine: Machine) -> None:
    folder = machine.layout.state
    machine.learnt.keep_dns_log(write(folder, start(0), answer(5, NAME, "eu-central-1")))
    write(folder, start(8), answer(9, NAME, "eu-west-1"))
    found = asyncio.run(machine.probes().changes(AT + 2))
    assert [change.at for change in found] == [AT + 5, AT + 9]


def test_changes_that_nobody_has_are_said(machine: Machine) -> None:
    with pytest.raises(ProbeError, match="cannot be read"):
        asyncio.run(machine.probes().changes(AT))
    write(machine.layout.state, start(8))
    with pytest.raises(ProbeError, match=r"is not known for 6\.0 s"):
        asyncio.run(machine.probes().changes(AT + 2))
    write(machine.layout.state, start(0), {"at": "2026-11-24T12:00:03Z", "event": "full"})
    with pytest.raises(ProbeError, match="is full"):
        asyncio.run(machine.probes().changes(AT + 2))


def calls(*made: dict[str, Any], complete_since: float = 0) -> dict[str, Any]:
    return {"complete_since": complete_since, "calls": list(made)}


def test_calls_of_both_regions_are_told_in_their_order_and_whose_they_were(machine: Machine) -> None:
    machine.says["primary calls"] = calls(CALL)
    machine.says["secondary calls"] = calls(
        {**CALL, "at": 11.0, "agent": "Boto3/1.44.5 users-drill", "action": "PutItem"}
    )
    assert asyncio.run(machine.probes().calls(10, 20)) == [
        CallMade(at=11.0, service="dynamodb", action="PutItem", by_drill=True),
        CallMade(at=12.0, service="dynamodb", action="GetItem", by_drill=False),
    ]
    assert machine.asked == ["primary calls since=10&until=20", "secondary calls since=10&until=20"]


def test_a_region_that_does_not_tell_or_forgot_is_said(machine: Machine) -> None:
    machine.says["primary calls"] = calls()
    with pytest.raises(ProbeError, match="The secondary Region does not tell"):
        asyncio.run(machine.probes().calls(10, 20))
    machine.says["secondary calls"] = calls(complete_since=12.5)
    with pytest.raises(ProbeError, match=r"The secondary Region forgot .* first 2\.5 s"):
        asyncio.run(machine.probes().calls(10, 20))


def test_a_region_that_was_lost_tells_what_it_has(machine: Machine) -> None:
    machine.learnt.note_lost(Role.PRIMARY)
    machine.says["secondary calls"] = calls()
    assert asyncio.run(machine.probes().calls(10, 20)) == []
    machine.says["primary calls"] = calls(CALL, complete_since=11)
    assert len(asyncio.run(machine.probes().calls(10, 20))) == 1


def test_versions_are_those_of_regions_that_answer(machine: Machine) -> None:
    machine.says["secondary status"] = {"version": "ministack 1.5.33"}
    assert asyncio.run(machine.probes().versions()) == {Role.SECONDARY: "ministack 1.5.33"}
