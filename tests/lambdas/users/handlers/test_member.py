from typing import Any

import pytest

from tests.lambdas.gateway import Call
from tests.lambdas.users.handlers.ada import ADA, STALE, tag


class TestRead:
    @pytest.mark.parametrize("user_id", ["nobody", "not an id", "EMAIL#ada@example.com", "x" * 129])
    def test_nobody_is_not_found(self, call: Call, user_id: str) -> None:
        read = call("GET", "/users/{user_id}", path=user_id)
        assert (read.status, read.json["error"]) == (404, "User not found")

    @pytest.mark.parametrize("name", ["If-None-Match", "if-none-match", "IF-NONE-MATCH"])
    def test_a_client_that_has_the_version_is_not_sent_it_again(
        self, call: Call, ada: dict[str, Any], name: str
    ) -> None:
        read = call("GET", "/users/{user_id}", path="ada", headers={name: tag(ada)})
        assert (read.status, read.body, read.headers["ETag"]) == (304, "", tag(ada))

    @pytest.mark.parametrize("given", [STALE, "no tag at all", ""])
    @pytest.mark.usefixtures("ada")
    def test_a_client_that_has_another_version_is_sent_this_one(self, call: Call, given: str) -> None:
        read = call("GET", "/users/{user_id}", path="ada", headers={"If-None-Match": given})
        assert read.status == 200


class TestUpdate:
    def test_what_is_named_changes_and_the_rest_stays(self, call: Call, ada: dict[str, Any]) -> None:
        updated = call("PUT", "/users/{user_id}", path="ada", body={"name": " Ada Byron "})
        user = updated.json["user"]
        assert (updated.status, updated.json["message"]) == (200, "User updated successfully")
        assert user == {
            **ada,
            "name": "Ada Byron",
            "version": 2,
            "timestamp": user["timestamp"],
            "updated_at": user["timestamp"],
        }
        assert user["timestamp"] > ada["timestamp"]
        read = call("GET", "/users/{user_id}", path="ada")
        assert (read.json["user"], read.headers["ETag"]) == (user, updated.headers["ETag"])

    @pytest.mark.parametrize("field", ["phone", "address"])
    def test_null_removes_what_is_optional(self, call: Call, ada: dict[str, Any], field: str) -> None:
        user = call("PUT", "/users/{user_id}", path="ada", body={field: None}).json["user"]
        assert set(ada) - set(user) == {field}

    @pytest.mark.parametrize("body", [{}, {"unknown": 1}, {"name": ADA["name"]}, {"user_id": "b"}])
    def test_an_update_that_changes_nothing_makes_a_version(
        self, call: Call, ada: dict[str, Any], body: object
    ) -> None:
        user = call("PUT", "/users/{user_id}", path="ada", body=body).json["user"]
        times = ("timestamp", "updated_at")
        assert user == {**ada, "version": 2, **{time: user[time] for time in times}}

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ("", 400),
            ("[]", 400),
            ("{", 400),
            ({"name": None}, 400),
            ({"name": "  "}, 400),
            ({"email": None}, 400),
            ({"email": "ada"}, 400),
            ({"age": None}, 400),
            ({"age": 30.0}, 400),
            ({"age": True}, 400),
            ({"phone": "x" * 33}, 400),
            ({"address": 7}, 400),
            ({"address": "x" * 65_536}, 413),
        ],
        ids=lambda value: repr(value)[:32],
    )
    def test_a_bad_update_changes_nothing(
        self, call: Call, ada: dict[str, Any], body: object, status: int
    ) -> None:
        assert call("PUT", "/users/{user_id}", path="ada", body=body).status == status
        assert call("GET", "/users/{user_id}", path="ada").json["user"] == ada

    def test_the_field_at_fault_is_named(self, call: Call, ada: dict[str, Any]) -> None:
        refused = call("PUT", "/users/{user_id}", path=ada["user_id"], body={"age": 151, "phone": 1})
        assert [error["pointer"] for error in refused.json["errors"]] == ["/age", "/phone"]

    @pytest.mark.usefixtures("ada")
    def test_an_email_moves_and_leaves_the_former_one_free(self, call: Call) -> None:
        moved = call("PUT", "/users/{user_id}", path="ada", body={"email": "Byron@Example.com"})
        assert moved.json["user"]["email"] == "byron@example.com"
        other = {"name": "B", "user_id": "b"}
        assert call("POST", "/users", body={**other, "email": "byron@example.com"}).status == 409
        assert call("POST", "/users", body={**other, "email": "ada@example.com"}).status == 201

    @pytest.mark.usefixtures("ada")
    def test_an_email_of_somebody_else_is_a_conflict(self, call: Call) -> None:
        call("POST", "/users", body={"name": "B", "email": "b@example.com"})
        refused = call("PUT", "/users/{user_id}", path="ada", body={"email": "B@example.com"})
        assert (refused.status, refused.json["error"]) == (409, "Email already in use")

    @pytest.mark.parametrize("user_id", ["nobody", "not an id"])
    def test_nobody_is_not_found(self, call: Call, user_id: str) -> None:
        assert call("PUT", "/users/{user_id}", path=user_id, body={}).status == 404


class TestDelete:
    def test_a_user_goes_with_its_versions(self, call: Call, ada: dict[str, Any]) -> None:
        call("PUT", "/users/{user_id}", path="ada", body={"age": 37})
        deleted = call("DELETE", "/users/{user_id}", path="ada")
        assert (deleted.status, deleted.json) == (
            200,
            {"message": "User deleted successfully. Removed 2 versions."},
        )
        assert call("GET", "/users/{user_id}", path="ada").status == 404
        assert call("DELETE", "/users/{user_id}", path="ada").status == 404
        assert call("POST", "/users", body={**ADA, "user_id": "another"}).json["user"] == {
            **ada,
            "user_id": "another",
        }
