from datetime import UTC, datetime, timedelta

import pytest

from lambdas.users.domain.receipt import Receipt

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
RECEIPT = Receipt(key="k", digest="d", at="2030-01-01T12:00:00.900000Z", region="eu-west-1")


@pytest.mark.parametrize(
    ("after", "expired"),
    [
        (timedelta(0), False),
        (timedelta(hours=23, minutes=59), False),
        (timedelta(hours=24), False),
        (timedelta(hours=24, seconds=1), True),
        (timedelta(days=3), True),
    ],
)
def test_a_receipt_counts_for_a_day(after: timedelta, expired: bool) -> None:
    assert RECEIPT.has_expired(NOON + after) is expired


def test_it_expires_in_whole_seconds_of_unix_time() -> None:
    assert RECEIPT.expires_at == (NOON + timedelta(hours=24)).timestamp()
