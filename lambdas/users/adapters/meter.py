"""What the requests to DynamoDB on behalf of one caller cost, in whatever threads they are made."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any

from lambdas.users.adapters.call import DynamoCall

_METERS: ContextVar[tuple["Meter", ...]] = ContextVar("meters", default=())


class Meter:
    """How many requests were made, refused ones too, and the capacity units that the answers name."""

    def __init__(self) -> None:
        self.requests = 0
        self.capacity = 0.0
        self._lock = Lock()

    def add(self, *, requests: int = 0, capacity: float = 0.0) -> None:
        """Count on; threads may do so at once."""
        with self._lock:
            self.requests += requests
            self.capacity += capacity


@contextmanager
def metering() -> Iterator[Meter]:
    """Count what is requested inside the block, for the block and for those around it."""
    meter = Meter()
    token = _METERS.set((*_METERS.get(), meter))
    try:
        yield meter
    finally:
        _METERS.reset(token)


def metered(call: DynamoCall) -> DynamoCall:
    """Return a call that asks what each request consumed, and counts it."""

    def measured(operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        meters = _METERS.get()
        for meter in meters:
            meter.add(requests=1)
        response = call(operation, {**request, "ReturnConsumedCapacity": "TOTAL"})
        if meters:
            units = _units(response.get("ConsumedCapacity"))
            for meter in meters:
                meter.add(capacity=units)
        return response

    return measured


def _units(consumed: Mapping[str, Any] | Iterable[Mapping[str, Any]] | None) -> float:
    """Sum capacity units: an operation on one table names it, and one on several has a list of them."""
    if consumed is None:
        return 0.0
    tables = [consumed] if isinstance(consumed, Mapping) else consumed
    return sum(float(table["CapacityUnits"]) for table in tables)
