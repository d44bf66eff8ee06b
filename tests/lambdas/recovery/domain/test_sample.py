import random

from lambdas.recovery.domain.sample import Sample

NAMES = [f"user-{number}" for number in range(1000)]


def sample(names: list[str], size: int) -> Sample[str]:
    kept: Sample[str] = Sample(size)
    for name in names:
        kept.offer(name, name.upper())
    return kept


def test_all_are_kept_where_there_are_no_more() -> None:
    assert sorted(sample(NAMES, 1000)) == sorted(NAMES)
    assert len(sample(NAMES, 2000)) == 1000


def test_the_same_are_kept_in_whatever_order_they_come() -> None:
    shuffled = random.Random(1).sample(NAMES, len(NAMES))  # noqa: S311 - an order, and no secret
    assert set(sample(NAMES, 100)) == set(sample(shuffled, 100))
    assert len(sample(shuffled, 100)) == 100


def test_a_smaller_sample_is_part_of_a_larger_one() -> None:
    assert set(sample(NAMES, 10)) < set(sample(NAMES, 100))


def test_who_is_kept_says_nothing_of_when_a_name_was_made() -> None:
    early = sum(int(name.removeprefix("user-")) < 500 for name in sample(NAMES, 200))
    assert 60 < early < 140


def test_a_name_keeps_its_first_thing() -> None:
    kept: Sample[int] = Sample(2)
    for name, thing in (("a", 1), ("a", 2), ("b", 3)):
        kept.offer(name, thing)
    assert sorted(kept.things()) == [1, 3]


def test_things_go_with_their_names() -> None:
    kept = sample(NAMES, 50)
    assert sorted(kept.things()) == sorted(name.upper() for name in kept)
    assert all(name in kept for name in kept)
    assert "nobody" not in kept


def test_nothing_is_kept_in_no_room() -> None:
    assert len(sample(NAMES, 0)) == 0
