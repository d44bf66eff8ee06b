"""How every repository lists users in an order, page after page."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambdas.users.adapters.memory import VALUES
from lambdas.users.domain.page import Bounds, Order, Page, Position
from lambdas.users.domain.repository import UserRepository
from lambdas.users.domain.text import search_key
from lambdas.users.domain.user import User, deletion
from tests.contract.conftest import NOON, REGION

UserFactory = Callable[..., User]

OPEN = Bounds()
MOST_PAGES = 100
HIGHEST = "\U0010ffff"

orders = st.sampled_from(Order)
# Few of each, so that most users tie with others.
ages = st.integers(0, 3) | st.integers(0, 150)
names = st.sampled_from(["Ada", "ÀDA", "Adam", "Zoë", "zoe", "\U0001f469", "\ufdfa"])
moments = st.integers(0, 2)
drafts = st.lists(st.tuples(ages, names, moments), max_size=24)


def in_turn(
    repository: UserRepository, order: Order, *, limit: int, bounds: Bounds = OPEN, descending: bool = False
) -> Iterator[Page[User]]:
    after: Position | None = None
    for _ in range(MOST_PAGES):
        page = repository.in_order(order, bounds=bounds, limit=limit, descending=descending, after=after)
        yield page
        after = page.after
        if after is None:
            return
    pytest.fail("the pages come to no end")


def listed(
    repository: UserRepository, order: Order, *, limit: int, bounds: Bounds = OPEN, descending: bool = False
) -> list[User]:
    pages = in_turn(repository, order, limit=limit, bounds=bounds, descending=descending)
    return [user for page in pages for user in page.items]


def ordered(users: list[User], order: Order, *, descending: bool = False) -> list[User]:
    return sorted(users, key=lambda user: (VALUES[order](user), user.user_id), reverse=descending)


def clear(repository: UserRepository) -> None:
    """Leave the repository as the next example expects it."""
    for user in repository.scan_by_age(OPEN).items:
        repository.delete(user, deletion=deletion(user, at=NOON, region=REGION))


def drafted(made: UserFactory, draft: list[tuple[int, str, int]]) -> list[User]:
    return [
        made(uuid4().hex, age=age, name=name, at=NOON + timedelta(microseconds=moment))
        for age, name, moment in draft
    ]


some_examples = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@some_examples
@given(draft=drafts, order=orders, limit=st.integers(1, 30), descending=st.booleans())
def test_pages_hold_everybody_once_in_order(
    repository: UserRepository,
    made: UserFactory,
    draft: list[tuple[int, str, int]],
    order: Order,
    limit: int,
    descending: bool,
) -> None:
    users = drafted(made, draft)
    repository.create_all(users)
    try:
        pages = list(in_turn(repository, order, limit=limit, descending=descending))
    finally:
        clear(repository)
    assert [user for page in pages for user in page.items] == ordered(users, order, descending=descending)
    assert [len(page.items) for page in pages[:-1]] == [limit] * (len(pages) - 1)
    assert pages[-1].items or not users


@some_examples
@given(
    draft=drafts,
    order=orders,
    limit=st.integers(1, 8),
    descending=st.booleans(),
    meddling=st.lists(st.tuples(st.booleans(), ages, names, moments), max_size=8),
    data=st.data(),
)
def test_who_does_not_change_is_neither_skipped_nor_repeated_whatever_others_do_meanwhile(
    repository: UserRepository,
    made: UserFactory,
    draft: list[tuple[int, str, int]],
    order: Order,
    limit: int,
    descending: bool,
    meddling: list[tuple[bool, int, str, int]],
    data: st.DataObject,
) -> None:
    others = drafted(made, draft)
    repository.create_all(others)
    unchanged = data.draw(st.lists(st.sampled_from(others), unique=True)) if others else []
    others = [user for user in others if user not in unchanged]
    seen: list[User] = []
    try:
        for page in in_turn(repository, order, limit=limit, descending=descending):
            seen.extend(page.items)
            if meddling:
                inserts, *fields = meddling.pop()
                if inserts or not others:
                    others.extend(drafted(made, [tuple(fields)]))  # type: ignore[list-item]
                    repository.create(others[-1])
                else:
                    gone = others.pop()
                    repository.delete(gone, deletion=deletion(gone, at=NOON, region=REGION))
    finally:
        clear(repository)
    assert [user for user in seen if user in unchanged] == ordered(unchanged, order, descending=descending)
    assert len({user.user_id for user in seen}) == len(seen)


@pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
@pytest.mark.parametrize("limit", [5, 100])
def test_many_who_tie_are_listed_by_id(
    repository: UserRepository, made: UserFactory, limit: int, descending: bool
) -> None:
    users = [made(uuid4().hex, age=30) for _ in range(60)]
    repository.create_all([*users, made("younger", age=29), made("older", age=31)])
    expected = sorted((user.user_id for user in users), reverse=descending)
    expected = ["older", *expected, "younger"] if descending else ["younger", *expected, "older"]
    found = listed(repository, Order.AGE, limit=limit, descending=descending)
    assert [user.user_id for user in found] == expected


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        (Bounds(least=18), [18, 30, 30, 65]),
        (Bounds(most=30), [0, 17, 18, 30, 30]),
        (Bounds(least=18, most=30), [18, 30, 30]),
        (Bounds(least=0, most=0), [0]),
        (Bounds(least=19, most=29), []),
        (Bounds(least=65, most=18), []),
    ],
    ids=str,
)
@pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
@pytest.mark.parametrize("limit", [1, 2, 100])
def test_bounds_are_included(
    repository: UserRepository,
    made: UserFactory,
    bounds: Bounds,
    expected: list[int],
    descending: bool,
    limit: int,
) -> None:
    repository.create_all(
        [made(f"user-{index}", age=age) for index, age in enumerate([30, 65, 0, 18, 17, 30])]
    )
    found = listed(repository, Order.AGE, limit=limit, bounds=bounds, descending=descending)
    assert [user.profile.age for user in found] == (expected[::-1] if descending else expected)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ada", ["Ada", "Ada Lovelace", "Àda", "Adam\U0010ffff"]),
        ("ADA ", ["Ada Lovelace"]),
        ("z", ["Zoë", "Zoe\u0308 Ångström"]),
        ("\U0001f469", ["\U0001f469\u200d\U0001f4bb"]),
        ("nobody", []),
    ],
)
def test_names_are_found_by_how_they_begin(
    repository: UserRepository, made: UserFactory, typed: str, expected: list[str]
) -> None:
    everybody = [
        *("Ada", "Àda", "Ada Lovelace", "Adam\U0010ffff", "Ac", "Ae", "Zoë", "Zoe\u0308 Ångström"),
        "\U0001f469\u200d\U0001f4bb",
    ]
    repository.create_all([made(f"user-{index}", name=name) for index, name in enumerate(everybody)])
    prefix = search_key(typed)
    found = listed(repository, Order.NAME, limit=2, bounds=Bounds(least=prefix, most=prefix + HIGHEST))
    assert sorted(user.profile.name for user in found) == sorted(expected)


@pytest.mark.parametrize("order", Order)
def test_nobody_is_listed_where_nobody_is(repository: UserRepository, order: Order) -> None:
    page = repository.in_order(order, bounds=OPEN, limit=50)
    assert (list(page.items), page.after) == ([], None)


@pytest.mark.parametrize("users", [9, 10, 11])
def test_the_last_page_says_that_it_is(repository: UserRepository, made: UserFactory, users: int) -> None:
    repository.create_all([made(f"user-{index}", age=index) for index in range(users)])
    page = repository.in_order(Order.AGE, bounds=OPEN, limit=10)
    assert page.after == (Position(9, "user-9") if users > 10 else None)


@pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
def test_a_position_need_not_be_that_of_a_user(
    repository: UserRepository, made: UserFactory, descending: bool
) -> None:
    repository.create_all([made(f"user-{age}", age=age) for age in range(10, 20)])
    for value, expected in ((15, range(10, 16) if descending else range(15, 20)), (5, None), (25, None)):
        beyond = (value == 5) == descending
        after = Position(value, "~" if descending else "")
        page = repository.in_order(Order.AGE, bounds=OPEN, limit=20, after=after, descending=descending)
        ages_found = sorted(user.profile.age for user in page.items)
        assert ages_found == list(expected or ([] if beyond else range(10, 20)))


@pytest.mark.parametrize("value", [9, 21])
@pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
def test_a_position_outside_the_bounds_opens_them_no_wider(
    repository: UserRepository, made: UserFactory, value: int, descending: bool
) -> None:
    repository.create_all([made(f"user-{age}", age=age) for age in range(30)])
    page = repository.in_order(
        Order.AGE,
        bounds=Bounds(least=10, most=20),
        limit=50,
        after=Position(value, "~" if descending else ""),
        descending=descending,
    )
    before_all = (value == 9) != descending
    assert sorted(user.profile.age for user in page.items) == (list(range(10, 21)) if before_all else [])


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
def test_a_page_can_be_followed_by_one_of_another_region(
    repository: UserRepository,
    elsewhere: UserRepository,
    made: UserFactory,
    order: Order,
    descending: bool,
) -> None:
    users = drafted(made, [(age % 3, f"Name {age % 4}", age % 5) for age in range(60)])
    repository.create_all(users)
    elsewhere.create_all(users[::-1])
    found: list[User] = []
    after: Position | None = None
    for turn in range(100):
        here = (repository, elsewhere)[turn % 2]
        page = here.in_order(order, bounds=OPEN, limit=7, after=after, descending=descending)
        found.extend(page.items)
        after = page.after
        if after is None:
            break
    assert found == ordered(users, order, descending=descending)
