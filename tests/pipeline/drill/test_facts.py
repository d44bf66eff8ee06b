"""Only what the primary had and had not sent may be gone with it."""

from __future__ import annotations

import pytest

from tests.pipeline.drill.made import HERE, THERE, T, facts


@pytest.mark.parametrize(
    ("region", "since", "until", "may"),
    [
        (HERE, -1.5, -1.5, True),
        (HERE, -2.5, -2.5, False),
        (HERE, -9.0, -1.0, True),  # under way for long
        (HERE, 30.0, 30.0, True),
        (HERE, 61.0, 61.0, False),  # rebuilt by then
        (THERE, -1.0, -1.0, False),
        (None, -1.0, 5.0, True),
        (None, 0.5, 5.0, True),
        (None, 2.0, 7.0, False),  # it could not have reached the primary any more
        (None, -9.0, -3.0, False),
    ],
)
def test_the_window_reaches_from_before_the_fault(
    region: str | None, since: float, until: float, may: bool
) -> None:
    lost = facts(loss_window_s=2.0)
    assert lost.may_be_lost(region=region, since=T + since, until=T + until) is may


def test_where_the_disk_survives_nothing_may_be_lost() -> None:
    assert not facts().may_be_lost(region=HERE, since=T, until=T)


def test_a_region_that_was_never_rebuilt_takes_all_that_it_had_with_it() -> None:
    assert facts(loss_window_s=0.1, healed_at=None).may_be_lost(region=HERE, since=T + 99, until=T + 99)
