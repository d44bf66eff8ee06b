"""What is remembered of a request with an idempotency key."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct

LIFETIME = timedelta(hours=24)


class Receipt(Struct, frozen=True, kw_only=True):
    """Enough to answer a repeat of a request as the first time, from its own body: no profile is kept.

    `key` is a digest of the idempotency key, and `digest` one of what was asked for: a repeat has both alike.
    `at` and `region` are those of the first time. `refused` names, for a batch, the error of each user that
    was not created, by its index.
    """

    key: str
    digest: str
    at: str
    region: str
    refused: Mapping[int, str] = {}

    @property
    def expires_at(self) -> int:
        """The last second, in Unix time, in which it counts."""
        return int((datetime.fromisoformat(self.at) + LIFETIME).timestamp())

    def has_expired(self, at: datetime) -> bool:
        """Tell whether it counts as absent at an aware time, whether or not it was removed yet."""
        return self.expires_at < int(at.timestamp())
