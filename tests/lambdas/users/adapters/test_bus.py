"""The bus: ten events in a call, in their order, and no gap in what it says it took."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from lambdas.users.adapters.bus import Delivery, EventBus, event_bus
from lambdas.users.domain.event import UserEvent
from lambdas.users.domain.version import Change


class Client:
    """EventBridge, which refuses events by their place, or whole calls."""

    def __init__(self, *, refused: Sequence[int] = (), failure: Exception | None = None) -> None:
        self.calls: list[list[dict[str, str]]] = []
        self._refused = refused
        self._failure = failure

    def put_events(self, *, Entries: Sequence[dict[str, str]]) -> dict[str, Any]:  # noqa: N803 - AWS's name
        offset = sum(map(len, self.calls))
        self.calls.append(list(Entries))
        if self._failure:
            raise self._failure
        results = [
            {"ErrorCode": "ThrottlingException"} if offset + place in self._refused else {"EventId": "1"}
            for place in range(len(Entries))
        ]
        return {"FailedEntryCount": len(self._refused), "Entries": results}


def events(count: int) -> list[UserEvent]:
    return [
        UserEvent(
            user_id=f"user-{number}",
            version=2,
            version_id=f"{number}#eu-west-1",
            region="eu-west-1",
            change=Change.UPDATED,
            changed=("name",),
        )
        for number in range(count)
    ]


def test_an_event_has_its_type_outside_and_its_facts_inside() -> None:
    client = Client()
    assert EventBus("users", client).publish(events(1)) == Delivery(taken=1)
    ((entry,),) = client.calls
    detail = json.loads(entry.pop("Detail"))
    assert entry == {"EventBusName": "users", "Source": "users", "DetailType": "user.updated"}
    assert detail == {
        "user_id": "user-0",
        "version": 2,
        "version_id": "0#eu-west-1",
        "region": "eu-west-1",
        "changed": ["name"],
    }


@pytest.mark.parametrize(
    ("count", "calls"), [(0, []), (1, [1]), (10, [10]), (11, [10, 1]), (25, [10, 10, 5])]
)
def test_a_call_has_ten_events_at_the_most(count: int, calls: list[int]) -> None:
    client = Client()
    assert EventBus("users", client).publish(events(count)) == Delivery(taken=count)
    assert [len(entries) for entries in client.calls] == calls


def test_events_keep_their_order() -> None:
    client = Client()
    EventBus("users", client).publish(events(25))
    said = [json.loads(entry["Detail"])["user_id"] for entries in client.calls for entry in entries]
    assert said == [event.user_id for event in events(25)]


@pytest.mark.parametrize("refused", [[0], [3, 4], [9], [10], [24]])
def test_what_is_refused_ends_what_was_taken_and_the_calls(refused: list[int]) -> None:
    client = Client(refused=refused)
    delivery = EventBus("users", client).publish(events(25))
    assert delivery == Delivery(taken=refused[0], refusal="ThrottlingException")
    assert len(client.calls) == refused[0] // 10 + 1


@pytest.mark.parametrize(
    ("failure", "refusal"),
    [
        (ClientError({"Error": {"Code": "AccessDenied", "Message": "secret"}}, "PutEvents"), "AccessDenied"),
        (EndpointConnectionError(endpoint_url="https://events"), "NoAnswer"),
    ],
)
def test_a_failed_call_took_nothing(failure: Exception, refusal: str) -> None:
    assert EventBus("users", Client(failure=failure)).publish(events(12)) == Delivery(
        taken=0, refusal=refusal
    )


def test_a_bus_that_cannot_be_reached_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert event_bus("users", region="eu-west-1").publish(events(1)) == Delivery(taken=0, refusal="NoAnswer")
