"""Lists what a service of AWS has, page after page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol


class Paginator(Protocol):
    """What is asked of a boto3 paginator."""

    def paginate(self, **parameters: str) -> Iterable[Mapping[str, Any]]:
        """Return every page of an answer."""
        ...


class Client(Protocol):
    """What is asked of a boto3 client."""

    def get_paginator(self, operation_name: Any, /) -> Paginator:  # noqa: ANN401 - boto3 types it by name
        """Return the paginator of an operation."""
        ...


def listed(client: Client, operation: str, key: str, **parameters: str) -> Iterator[Mapping[str, Any]]:
    """Yield what an operation lists below a key; raises botocore's errors."""
    for page in client.get_paginator(operation).paginate(**parameters):
        yield from page.get(key, ())
