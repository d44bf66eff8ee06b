import pytest

from lambdas.recovery.domain.corruption import Corruption, InvalidCorruption
from lambdas.users.domain.user import Profile

ADA = Profile(name="Ada", email="ada@rewritten.invalid", age=36)


@pytest.mark.parametrize(
    ("field", "pattern", "marked"),
    [
        ("email", r".*@rewritten\.invalid", True),
        ("email", r"rewritten", False),
        ("email", r".*@rewritten", False),
        ("age", r"3\d", True),
        ("phone", r".*", False),
        ("phone", r"None", False),
    ],
)
def test_a_value_is_bad_that_the_pattern_matches_from_end_to_end(
    field: str, pattern: str, marked: bool
) -> None:
    assert Corruption.of(field, pattern).marks(ADA) is marked


def test_a_deletion_has_no_bad_value() -> None:
    assert not Corruption.of("email", ".*").marks(None)


@pytest.mark.parametrize(("field", "pattern"), [("mail", ".*"), ("user_id", ".*"), ("email", "(")])
def test_what_is_no_field_or_no_pattern_is_refused(field: str, pattern: str) -> None:
    with pytest.raises(InvalidCorruption):
        Corruption.of(field, pattern)
