"""From the table's stream to the bus: each change to a user that was made in this region, told to others."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from msgspec import Struct

from lambdas.users.adapters.bus import EventBus, event_bus
from lambdas.users.adapters.change_record import UnreadableRecord, events_of
from lambdas.users.settings import StreamSettings

Failures = dict[str, list[dict[str, str]]]


class Relay(Struct, frozen=True, kw_only=True):
    """All that the handler needs from outside."""

    region: str
    bus: EventBus
    logger: Logger


@cache
def relay() -> Relay:
    """Return the relay that the environment describes; raises InvalidSettings."""
    settings = StreamSettings.from_environment()
    bus = event_bus(settings.event_bus_name, region=settings.region)
    return Relay(region=settings.region, bus=bus, logger=Logger(location=None, utc=True, use_rfc3339=True))


def handler(event: Mapping[str, Any], _context: object) -> Failures:
    """Publish a batch, and name the first record that was not: Lambda delivers it and all after it again.

    What was published after it is then published twice, which its version_id tells.
    """
    wiring, records = relay(), event["Records"]
    told, unread = events_of(records, region=wiring.region)
    delivery = wiring.bus.publish([event for _, event in told])
    left = [number for number, _ in told[delivery.taken :]] + unread
    outcome = {"records": len(records), "published": delivery.taken, "region": wiring.region}
    if not left:
        wiring.logger.info("stream batch", extra=outcome)
        return {"batchItemFailures": []}
    why = delivery.refusal or UnreadableRecord.__name__
    wiring.logger.error("stream batch", extra={**outcome, "stopped_at": left[0], "refusal": why})
    return {"batchItemFailures": [{"itemIdentifier": left[0]}]}
