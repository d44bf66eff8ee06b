"""What every repository remembers of requests with an idempotency key."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import msgspec
import pytest

from lambdas.users.domain.errors import EmailAlreadyInUse, RequestRepeated, UserAlreadyExists, UserNotFound
from lambdas.users.domain.receipt import LIFETIME, Receipt
from lambdas.users.domain.repository import UserRepository
from lambdas.users.domain.user import User
from lambdas.users.domain.version import timestamp
from tests.contract.conftest import NOON, REGION
from tests.contract.racing import race

UserFactory = Callable[..., User]

FIRST = Receipt(key="k" * 64, digest="d" * 64, at=timestamp(NOON), region=REGION)
SECOND = timedelta(seconds=1)
RIVALS = 8


def later(by: timedelta, **changes: str) -> Receipt:
    return msgspec.structs.replace(FIRST, at=timestamp(NOON + by), **changes)


def test_a_receipt_comes_back_as_it_was_kept(repository: UserRepository) -> None:
    receipt = msgspec.structs.replace(FIRST, refused={0: "Email already in use", 999: "User already exists"})
    repository.keep(receipt)
    assert repository.receipt(FIRST.key) == receipt


def test_there_is_no_receipt_of_what_was_not_asked(repository: UserRepository) -> None:
    assert repository.receipt(FIRST.key) is None


def test_a_user_is_kept_with_its_receipt(repository: UserRepository, made: UserFactory) -> None:
    repository.create(made("ada"), receipt=FIRST)
    assert repository.get("ada") == made("ada")
    assert repository.receipt(FIRST.key) == FIRST


@pytest.mark.parametrize("digest", [FIRST.digest, "e" * 64], ids=["the same request", "another request"])
def test_a_repeat_is_told_of_the_first_time_whatever_it_asks(
    repository: UserRepository, made: UserFactory, digest: str
) -> None:
    repository.create(made("ada"), receipt=FIRST)
    with pytest.raises(RequestRepeated) as repeated:
        repository.create(made("ada"), receipt=later(SECOND, digest=digest, region="eu-central-1"))
    assert repeated.value.first == FIRST


def test_a_repeat_with_another_user_keeps_nobody(repository: UserRepository, made: UserFactory) -> None:
    repository.create(made("ada"), receipt=FIRST)
    with pytest.raises(RequestRepeated):
        repository.create(made("grace"), receipt=later(SECOND))
    with pytest.raises(UserNotFound):
        repository.get("grace")


def test_a_refused_user_leaves_no_receipt(repository: UserRepository, made: UserFactory) -> None:
    repository.create(made("ada"))
    with pytest.raises(UserAlreadyExists):
        repository.create(made("ada"), receipt=FIRST)
    with pytest.raises(EmailAlreadyInUse):
        repository.create(made("grace", email="ada@example.com"), receipt=FIRST)
    assert repository.receipt(FIRST.key) is None
    repository.create(made("grace"), receipt=FIRST)


def test_a_receipt_outlives_its_user_and_what_became_of_it(
    repository: UserRepository, made: UserFactory, changed: UserFactory
) -> None:
    ada = made("ada")
    repository.create(ada, receipt=FIRST)
    repository.update(changed(ada, email="new@example.com"), former_email="ada@example.com")
    with pytest.raises(RequestRepeated):
        repository.create(ada, receipt=later(LIFETIME))


def test_an_expired_receipt_counts_as_absent_even_if_its_row_is_still_there(
    repository: UserRepository, made: UserFactory
) -> None:
    repository.create(made("ada"), receipt=FIRST)
    again = later(LIFETIME + SECOND)
    repository.create(made("grace"), receipt=again)
    assert repository.receipt(FIRST.key) == again


def test_a_receipt_of_the_past_is_not_returned(repository: UserRepository) -> None:
    repository.keep(msgspec.structs.replace(FIRST, at="2020-01-01T00:00:00.000000Z"))
    assert repository.receipt(FIRST.key) is None


def test_a_batch_is_remembered_once(repository: UserRepository) -> None:
    repository.keep(FIRST)
    with pytest.raises(RequestRepeated) as repeated:
        repository.keep(later(SECOND, digest="e" * 64))
    assert repeated.value.first == FIRST
    repository.keep(later(LIFETIME + SECOND))


@pytest.mark.usefixtures("restless_threads")
def test_of_those_who_repeat_a_request_at_once_exactly_one_is_the_first(
    repository: UserRepository, made: UserFactory
) -> None:
    rivals = [made("ada", name=f"Ada {rival}") for rival in range(RIVALS)]
    outcomes = race([partial(repository.create, rival, receipt=FIRST) for rival in rivals])
    assert Counter(outcomes) == {None: 1, RequestRepeated: RIVALS - 1}
    assert repository.get("ada") == rivals[outcomes.index(None)]
