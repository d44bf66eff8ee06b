import pytest

from lambdas.recovery.domain.pairing import Pairing, Side


def test_two_halves_leave_nothing_in_either_order() -> None:
    pairing = Pairing()
    pairing.add(Side.USER, "ada@example.com", "ada")
    pairing.add(Side.CLAIM, "eve@example.com", "eve")
    assert len(pairing) == 2
    pairing.add(Side.USER, "eve@example.com", "eve")
    pairing.add(Side.CLAIM, "ada@example.com", "ada")
    assert list(pairing.alone()) == []


@pytest.mark.parametrize(
    ("email", "user_id"), [("ada@example.com", "eve"), ("eve@example.com", "ada")], ids=["owner", "email"]
)
def test_halves_of_two_pairs_stay_alone(email: str, user_id: str) -> None:
    pairing = Pairing()
    pairing.add(Side.USER, "ada@example.com", "ada")
    pairing.add(Side.CLAIM, email, user_id)
    assert list(pairing.alone()) == [
        (Side.USER, ("ada@example.com", "ada")),
        (Side.CLAIM, (email, user_id)),
    ]


def test_a_half_that_goes_by_twice_is_no_pair() -> None:
    pairing = Pairing()
    for _ in range(2):
        pairing.add(Side.USER, "ada@example.com", "ada")
    assert len(pairing) == 1


def test_it_gives_up_when_too_many_are_alone_and_keeps_nothing() -> None:
    pairing = Pairing(most_open=2)
    for number in range(4):
        assert pairing.gave_up is (number > 2)
        pairing.add(Side.USER, f"{number}@example.com", str(number))
    assert pairing.gave_up
    assert len(pairing) == 0
