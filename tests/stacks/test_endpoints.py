"""The table of endpoints says which methods there are."""

from stacks.endpoints import ENDPOINTS, methods
from stacks.request_bodies import request_bodies


def test_each_path_has_a_method_for_all_verbs_and_one_for_each_body() -> None:
    found = methods(request_bodies())
    assert {"ANY /query", "ANY /batch", "POST /batch", "PUT /users/{user_id}"} <= set(found)
    assert "GET /users" not in found
    paths = [path for endpoint in ENDPOINTS.values() for path in endpoint.paths]
    assert [method for method in found if method.startswith("ANY ")] == [f"ANY {path}" for path in paths]


def test_no_path_is_answered_by_two_functions() -> None:
    paths = [path for endpoint in ENDPOINTS.values() for path in endpoint.paths]
    assert len(paths) == len(set(paths))
