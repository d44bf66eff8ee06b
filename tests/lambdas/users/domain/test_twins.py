from collections.abc import Callable, Mapping

import pytest

from lambdas.users.domain.errors import EmailAlreadyInUse, UserAlreadyExists
from lambdas.users.domain.twins import twins
from lambdas.users.domain.user import User


@pytest.mark.parametrize(
    ("users", "refused"),
    [
        ([], {}),
        (["a=1"], {}),
        (["a=1", "b=2"], {}),
        (["a=1", "a=2"], {1: UserAlreadyExists}),
        (["a=1", "b=1"], {1: EmailAlreadyInUse}),
        (["a=1", "a=1"], {1: UserAlreadyExists}),
        (["a=1", "b=2", "a=2"], {2: UserAlreadyExists}),
        (["a=1", "a=2", "b=2"], {1: UserAlreadyExists}),
        (["a=1", "b=1", "b=2"], {1: EmailAlreadyInUse}),
        (["a=1"] * 3, {1: UserAlreadyExists, 2: UserAlreadyExists}),
    ],
    ids=str,
)
def test_the_first_of_each_id_and_email_wins(
    made: Callable[..., User], users: list[str], refused: Mapping[int, type[Exception]]
) -> None:
    pairs = [user.split("=") for user in users]
    found = twins([made(user_id, email=f"{email}@example.com") for user_id, email in pairs])
    assert {index: type(error) for index, error in found.items()} == refused
