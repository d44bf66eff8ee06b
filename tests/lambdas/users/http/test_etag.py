from collections.abc import Callable

import pytest

from lambdas.users.domain.user import User
from lambdas.users.http.etag import etag, is_fresh

TAG = '"2030-01-01T12:00:00.000000Z#eu-west-1"'


def test_the_tag_of_a_user_is_strong_and_names_its_version(made: Callable[..., User]) -> None:
    assert etag(made()) == TAG


@pytest.mark.parametrize("header", [TAG, f"W/{TAG}", f'"other", {TAG}', f'"a,b",W/{TAG}', "*", " * "])
def test_a_client_that_has_the_version_is_fresh(header: str, made: Callable[..., User]) -> None:
    assert is_fresh(header, made())


@pytest.mark.parametrize("header", [None, "", '""', '"other"', TAG.strip('"'), TAG[:-1], '"*"', f'"{TAG}x'])
def test_a_client_that_has_another_version_or_none_is_not(
    header: str | None, made: Callable[..., User]
) -> None:
    assert not is_fresh(header, made())
