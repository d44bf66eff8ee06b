import pytest

from tests.lambdas.gateway import Answer, Call

ADA = {"user_id": "ada", "name": "Ada Lovelace", "email": "ada@example.com"}
GRACE = {"user_id": "grace", "name": "Grace Hopper", "email": "grace@example.com"}


def batch(call: Call, operation: str, ids: object) -> Answer:
    return call("POST", "/batch", body={"operation": operation, "user_ids": ids})


@pytest.fixture
def call(call: Call) -> Call:
    """Calls to an API that knows Ada and Grace."""
    for user in (ADA, GRACE):
        call("POST", "/users", body=user)
    return call


class TestRead:
    def test_users_are_found_in_the_order_of_their_ids(self, call: Call) -> None:
        answer = batch(call, "batch_read", ["grace", "nobody", "ada"])
        assert answer.status == 200
        assert [user["user_id"] for user in answer.json["found_users"]] == ["grace", "ada"]
        assert answer.json["not_found_users"] == ["nobody"]
        assert (answer.json["total_requested"], answer.json["total_found"]) == (3, 2)
        ada = call("GET", "/users/{user_id}", path="ada").json["user"]
        assert answer.json["found_users"][1] == ada

    def test_an_id_that_is_given_twice_is_shown_once(self, call: Call) -> None:
        answer = batch(call, "batch_read", ["ada", "x", "ada", "x"])
        assert [user["user_id"] for user in answer.json["found_users"]] == ["ada"]
        assert answer.json["not_found_users"] == ["x"]
        assert (answer.json["total_requested"], answer.json["total_found"]) == (4, 1)

    @pytest.mark.parametrize("user_id", ["", "not an id", "EMAIL#ada@example.com", "x" * 3000, "é"])
    def test_what_is_no_id_is_nobodys(self, call: Call, user_id: str) -> None:
        assert batch(call, "batch_read", [user_id, "ada"]).json["not_found_users"] == [user_id]

    def test_a_thousand_may_be_asked_for(self, call: Call) -> None:
        answer = batch(call, "batch_read", [*map(str, range(999)), "ada"])
        assert (answer.json["total_requested"], answer.json["total_found"]) == (1000, 1)


class TestDelete:
    def test_whoever_is_deleted_is_gone(self, call: Call) -> None:
        answer = batch(call, "batch_delete", ["ada", "nobody", "not an id", "ada", "nobody"])
        assert answer.status == 200
        assert answer.json == {
            "message": "Successfully deleted 1 users",
            "not_found_users": ["nobody", "not an id"],
        }
        assert call("GET", "/users/{user_id}", path="ada").status == 404
        assert call("GET", "/users/{user_id}", path="grace").status == 200

    def test_many_are_deleted_side_by_side(self, call: Call) -> None:
        users = [{"user_id": f"u{n}", "name": "U", "email": f"{n}@example.com"} for n in range(200)]
        call("POST", "/batch", body={"operation": "batch_write", "users": users})
        answer = batch(call, "batch_delete", [user["user_id"] for user in users])
        assert answer.json == {"message": "Successfully deleted 200 users", "not_found_users": []}
        assert call("GET", "/users").json["count"] == 2


@pytest.mark.parametrize("operation", ["batch_read", "batch_delete"])
class TestBadIds:
    @pytest.mark.parametrize("ids", [[], None])
    def test_no_ids_are_refused(self, call: Call, operation: str, ids: object) -> None:
        refused = batch(call, operation, ids)
        assert (refused.status, refused.json["error"]) == (400, "No user IDs provided")

    @pytest.mark.parametrize("ids", ["ada", {"ada": 1}, 7, [7], ["ada", None], [["ada"]]])
    def test_ids_that_are_no_list_of_text_are_refused(self, call: Call, operation: str, ids: object) -> None:
        refused = batch(call, operation, ids)
        assert refused.status == 400
        assert refused.json["error"].startswith("Invalid field: 'user_ids' must ")
        assert call("GET", "/users").json["count"] == 2

    def test_more_than_a_thousand_are_refused(self, call: Call, operation: str) -> None:
        refused = batch(call, operation, ["ada"] * 1001)
        assert refused.json["error"] == "Invalid field: 'user_ids' must list at most 1000"
