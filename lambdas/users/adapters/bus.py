"""The EventBridge bus of one region, where others hear of users."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol, cast

import msgspec
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session
from msgspec import Struct

from lambdas.users.domain.event import UserEvent

SOURCE = "users"
# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
MOST_ENTRIES = 10
NO_ANSWER = "NoAnswer"


class PutsEvents(Protocol):
    """The part of botocore's EventBridge client that is used."""

    def put_events(self, *, Entries: Sequence[dict[str, str]]) -> dict[str, Any]:  # noqa: N803 - AWS's name
        """Offer up to ten events, each of which may be refused by itself."""


class Delivery(Struct, frozen=True, kw_only=True):
    """How many events, from the first, the bus has taken without a gap, and why it did not take the next."""

    taken: int
    refusal: str | None = None


class EventBus:
    """A bus, by its name; events go out in their order, so that those of one user keep theirs."""

    def __init__(self, name: str, client: PutsEvents) -> None:
        self._name = name
        self._client = client

    def publish(self, events: Sequence[UserEvent]) -> Delivery:
        """Offer events until the bus refuses one: those after it in its call may have been taken too."""
        taken = 0
        for entries in _chunks([self._entry(event) for event in events]):
            results = self._put(entries)
            for result in results:
                if code := result.get("ErrorCode"):
                    return Delivery(taken=taken, refusal=str(code))
                taken += 1
        return Delivery(taken=taken)

    def _put(self, entries: Sequence[dict[str, str]]) -> Sequence[dict[str, Any]]:
        """Return a result for each entry; where the call fails, the same one for all."""
        try:
            results: Sequence[dict[str, Any]] = self._client.put_events(Entries=entries)["Entries"]
        except ClientError as error:
            return [{"ErrorCode": error.response["Error"]["Code"]}] * len(entries)
        except BotoCoreError:
            return [{"ErrorCode": NO_ANSWER}] * len(entries)
        return results

    def _entry(self, event: UserEvent) -> dict[str, str]:
        """Write an event as EventBridge takes it: its type is a field of the envelope, not of the detail."""
        detail = msgspec.to_builtins(event)
        del detail["change"]
        return {
            "EventBusName": self._name,
            "Source": SOURCE,
            "DetailType": event.type,
            "Detail": msgspec.json.encode(detail).decode(),
        }


def event_bus(name: str, *, region: str) -> EventBus:
    """Return the bus of that name in a region; a call ends after three tries of 3 s at the latest."""
    config = Config(
        connect_timeout=1,
        read_timeout=2,
        retries={"mode": "standard", "total_max_attempts": 3},
        tcp_keepalive=True,
    )
    client = get_session().create_client("events", region_name=region, config=config)
    return EventBus(name, cast(PutsEvents, client))  # botocore makes its methods at run time


def _chunks(entries: Sequence[dict[str, str]]) -> Iterator[Sequence[dict[str, str]]]:
    """Cut entries into calls."""
    for start in range(0, len(entries), MOST_ENTRIES):
        yield entries[start : start + MOST_ENTRIES]
