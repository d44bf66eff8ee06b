from typing import Any

import pytest

from tests.lambdas.asking import PEOPLE
from tests.lambdas.gateway import Call
from tests.lambdas.users.handlers.ada import ADA


@pytest.fixture
def people(call: Call) -> None:
    """An API that knows a few people."""
    for user in PEOPLE:
        call("POST", "/users", body=user)


@pytest.fixture
def ada(call: Call) -> dict[str, Any]:
    """Ada, as she was created."""
    user: dict[str, Any] = call("POST", "/users", body=ADA).json["user"]
    return user
