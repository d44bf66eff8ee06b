import pytest

from tests.lambdas.asking import PEOPLE
from tests.lambdas.gateway import Call


@pytest.fixture
def people(call: Call) -> None:
    """An API that knows a few people."""
    for user in PEOPLE:
        call("POST", "/users", body=user)
