import pytest

from lambdas.users.domain.page import Bounds


@pytest.mark.parametrize(
    ("bounds", "held"),
    [
        (Bounds(), [0, 1, 2, 3]),
        (Bounds(least=1), [1, 2, 3]),
        (Bounds(most=2), [0, 1, 2]),
        (Bounds(least=1, most=2), [1, 2]),
        (Bounds(least=0, most=0), [0]),
        (Bounds(least=2, most=1), []),
    ],
    ids=str,
)
def test_bounds_hold_what_is_within_both_included(bounds: Bounds, held: list[int]) -> None:
    assert [value for value in range(4) if bounds.hold(value)] == held
