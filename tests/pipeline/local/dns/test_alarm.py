"""An alarm says OK, ALARM or nothing that is known."""

from __future__ import annotations

from typing import Any, cast

import pytest
from botocore.stub import Stubber

from pipeline.local.dns.alarm import AlarmState, CloudWatch, cloudwatch, read_alarm
from tests.ports import free_ports

ASKED = {"AlarmNames": ["stop"], "AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}


class Stubbed:
    """A client that answers one call."""

    def __init__(self) -> None:
        self.client = cast(Any, cloudwatch("eu-central-1", "http://127.0.0.1:1"))
        self.stubber = Stubber(self.client)

    def read(self) -> AlarmState:
        client: CloudWatch = self.client
        with self.stubber:
            state = read_alarm(client, "stop")
        self.stubber.assert_no_pending_responses()
        return state


@pytest.mark.parametrize("kind", ["MetricAlarms", "CompositeAlarms"])
@pytest.mark.parametrize(("state", "ok"), [("OK", True), ("ALARM", False), ("INSUFFICIENT_DATA", None)])
def test_an_alarm_is_read_by_its_name(kind: str, state: str, ok: bool | None) -> None:
    stubbed = Stubbed()
    answer = {kind: [{"AlarmName": "stop", "StateValue": state}]}
    stubbed.stubber.add_response("describe_alarms", answer, ASKED)
    assert stubbed.read() == (ok, f"the alarm is {state}")


def test_no_such_alarm_is_no_data() -> None:
    stubbed = Stubbed()
    stubbed.stubber.add_response("describe_alarms", {"MetricAlarms": []}, ASKED)
    assert stubbed.read() == (None, "there is no such alarm")


def test_a_region_that_refuses_is_no_data() -> None:
    stubbed = Stubbed()
    stubbed.stubber.add_client_error("describe_alarms", "InternalServiceFault", http_status_code=500)
    assert stubbed.read() == (None, "the alarm cannot be read: ClientError")


def test_a_region_that_is_gone_is_no_data() -> None:
    client = cloudwatch("eu-central-1", f"http://127.0.0.1:{free_ports(1)}")
    assert read_alarm(client, "stop") == (None, "the alarm cannot be read: EndpointConnectionError")
