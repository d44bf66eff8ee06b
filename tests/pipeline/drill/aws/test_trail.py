"""Which calls of CloudTrail's history count."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from pipeline.config import BETA
from pipeline.drill.aws import trail
from pipeline.drill.control_plane import forbidden_calls
from pipeline.drill.timeline import CallMade
from tests.pipeline.drill.aws.stubs import client
from tests.pipeline.drill.made import T

ME = "arn:aws:sts::111111111111:assumed-role/driller/me"
FUNCTION = "BetaPrimary-Api-CrudFunctionRole-1A"


def event(
    action: str, *, at: float = T + 1, role: str = "", arn: str = "", invoked_by: str | None = None
) -> dict[str, Any]:
    identity: dict[str, Any] = {"arn": arn or f"arn:aws:sts::111111111111:assumed-role/{role}/x"}
    if role:
        identity["sessionContext"] = {"sessionIssuer": {"userName": role}}
    if invoked_by:
        identity["invokedBy"] = invoked_by
    record = {"userIdentity": identity, "eventSource": "lambda.amazonaws.com", "eventName": action}
    return {"EventTime": datetime.fromtimestamp(at, UTC), "CloudTrailEvent": json.dumps(record)}


def calls(*pages: list[dict[str, Any]]) -> list[CallMade]:
    made, stub = client("cloudtrail")
    for number, events in enumerate(pages, start=1):
        more = {"NextToken": str(number)} if number < len(pages) else {}
        stub.add_response("lookup_events", {"Events": events, **more})
    return list(trail.calls([made], BETA, me=ME, since=T, until=T + 60))


def test_a_call_of_a_control_plane_by_a_role_of_the_deployment_is_found_and_held_against_it() -> None:
    found = calls([event("UpdateFunctionConfiguration", role=FUNCTION)])
    assert found == [CallMade(at=T + 1, service="lambda.amazonaws.com", action="UpdateFunctionConfiguration")]
    assert len(forbidden_calls(found, start=T, end=T + 60)) == 1


def test_what_the_drill_does_is_its_own_by_itself_or_through_its_experiments() -> None:
    found = calls(
        [
            event("StartExperiment", arn=ME),
            event("PutFunctionConcurrency", role="BetaPrimary-Experiments-FunctionStopDocumentRole-1"),
            event("PutResourcePolicy", invoked_by="fis.amazonaws.com"),
        ]
    )
    assert [call.by_drill for call in found] == [True] * 3
    assert forbidden_calls(found, start=T, end=T + 60) == []


def test_other_people_in_the_account_are_left_out() -> None:
    assert (
        calls([event("CreateFunction", role="admin"), event("CreateFunction", role="Betatron-Api-1")]) == []
    )


def test_all_pages_are_read_and_only_the_time_that_was_asked_for() -> None:
    late, early = event("B", role=FUNCTION, at=T + 61), event("C", role=FUNCTION, at=T - 1)
    found = calls([event("A", role=FUNCTION, at=T + 30), late], [early, event("D", role=FUNCTION, at=T + 2)])
    assert [call.action for call in found] == ["D", "A"]
