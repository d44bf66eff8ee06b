"""What a report draws is what clients saw."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.drill.attempt import ClientKind
from pipeline.drill.series import NOBODY, buckets, percentile
from tests.pipeline.drill.made import HERE, THERE, T, attempt


def test_attempts_are_counted_by_second_region_and_kind() -> None:
    caching = ClientKind.CACHES_DNS
    found = buckets(
        [
            attempt(at=T + 0.1),
            attempt(at=T + 0.9, status=503),
            attempt(at=T + 0.5, status=404),
            attempt(at=T + 0.2, region=THERE),
            attempt(at=T + 0.3, status=None, kind=caching),
            attempt(at=T + 1.0),
        ],
        start=T,
    )
    assert [(b.at - T, b.region, b.kind, b.successes, b.failures, b.judged) for b in found] == [
        (0.0, NOBODY, caching, 0, 1, 0),
        (0.0, THERE, ClientKind.OBEYS_TTL, 1, 0, 0),
        (0.0, HERE, ClientKind.OBEYS_TTL, 1, 1, 1),
        (1.0, HERE, ClientKind.OBEYS_TTL, 1, 0, 0),
    ]
    assert [bucket.success_rate for bucket in found] == [0.0, 1.0, 0.5, 1.0]


def test_a_second_of_judgements_alone_has_no_success_rate() -> None:
    (only,) = buckets([attempt(status=404)], start=T)
    assert only.success_rate is None


def test_latencies_are_of_what_ended() -> None:
    (only,) = buckets([attempt(at=T, took=n / 1000) for n in range(1, 101)], start=T, width=5.0)
    assert [only.p50_s, only.p90_s, only.p99_s] == pytest.approx([0.050, 0.090, 0.099], abs=1e-6)


@given(st.lists(st.floats(0, 100), min_size=1), st.floats(0.1, 100))
def test_a_percentile_is_the_smallest_value_that_covers_its_share(
    values: list[float], percent: float
) -> None:
    ordered = sorted(values)
    found = percentile(ordered, percent)
    assert found is not None
    assert sum(value <= found for value in ordered) >= len(ordered) * percent / 100 - 1e-9
    assert sum(value < found for value in ordered) < len(ordered) * percent / 100 + 1e-9


def test_nothing_has_no_percentile() -> None:
    assert percentile([], 50) is None
