from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.users.domain.version import Change, Version, timestamp, timestamp_after

times = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis adds the zone


def test_a_timestamp_always_shows_microseconds_and_z() -> None:
    assert timestamp(datetime(2030, 1, 1, tzinfo=UTC)) == "2030-01-01T00:00:00.000000Z"


def test_a_timestamp_is_in_utc_wherever_the_time_was_read() -> None:
    at = datetime(2030, 1, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    assert timestamp(at) == "2029-12-31T23:00:00.000000Z"


@given(times, times)
def test_timestamps_sort_as_their_times_do(one: datetime, other: datetime) -> None:
    assert (timestamp(one) < timestamp(other)) == (one < other)


@given(times)
def test_every_version_sorts_before_the_current_row(at: datetime) -> None:
    version = Version(number=1, at=timestamp(at), region="eu-west-1", change=Change.CREATED)
    assert version.version_id < "CURRENT"


@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1"])
def test_a_version_id_names_the_time_and_the_region(region: str) -> None:
    version = Version(number=1, at="2030-01-01T00:00:00.000000Z", region=region, change=Change.UPDATED)
    assert version.version_id == f"2030-01-01T00:00:00.000000Z#{region}"


@given(times, times)
def test_a_later_timestamp_is_later_and_never_before_the_clock(former: datetime, at: datetime) -> None:
    after = timestamp_after(timestamp(former), at)
    assert after > timestamp(former)
    assert after >= timestamp(at)
    assert after == timestamp(at) or datetime.fromisoformat(after) - former == timedelta(microseconds=1)
