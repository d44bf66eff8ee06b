import pytest

from tests.lambdas.asking import ask, ids
from tests.lambdas.gateway import Call

pytestmark = pytest.mark.usefixtures("people")


def test_a_user_is_found_by_id(call: Call) -> None:
    answer = ask(call, "query_by_user", user_id="ada")
    assert answer.json == {
        "user": call("GET", "/users/{user_id}", path="ada").json["user"],
        "query_type": "Primary Key Query",
        "scanned_count": 1,
        "consumed_capacity": 0.0,
    }


@pytest.mark.parametrize(
    "email", ["ada@example.com", "ADA@example.COM", "\uff41da@example.com", " ada@example.com"]
)
def test_a_user_is_found_by_email_however_it_is_written(call: Call, email: str) -> None:
    answer = ask(call, "query_by_email", email=email)
    assert (ids(answer), answer.json["count"]) == (["ada"], 1)
    assert answer.json["query_type"] == "Global Secondary Index Query"


def test_a_former_email_finds_nobody(call: Call) -> None:
    call("PUT", "/users/{user_id}", path="ada", body={"email": "byron@example.com"})
    assert ask(call, "query_by_email", email="ada@example.com").status == 404
    assert ids(ask(call, "query_by_email", email="byron@example.com")) == ["ada"]


@pytest.mark.parametrize("user_id", ["nobody", "not an id", "x" * 3000])
@pytest.mark.parametrize("operation", ["query_by_user", "query_user_history"])
def test_nobody_is_not_found_by_id(call: Call, operation: str, user_id: str) -> None:
    refused = ask(call, operation, user_id=user_id)
    assert (refused.status, refused.json["error"]) == (404, "User not found")


@pytest.mark.parametrize("email", ["nobody@example.com", "nobody", "x" * 3000, "a@b@c"])
def test_nobody_is_not_found_by_email(call: Call, email: str) -> None:
    refused = ask(call, "query_by_email", email=email)
    assert (refused.status, refused.json["error"]) == (404, "No users found with that email")
