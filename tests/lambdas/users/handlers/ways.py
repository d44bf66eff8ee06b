"""Every way to write to a region, and ways to read from it."""

from tests.lambdas.gateway import Answer, Call

NEW = {"name": "New", "email": "new@example.com"}
# Keys that an endpoint does not know are ignored, so that one body is good for all.
BODY = {
    **NEW,
    **{"UserID": "new", "Name": "New", "Email": "new@example.com"},
    **{"users": [NEW], "user_ids": ["ada", "grace"]},
}
Way = tuple[str, str, str | None]
WRITES: list[Way] = [
    ("POST", "/users", None),
    ("PUT", "/users/{user_id}", None),
    ("DELETE", "/users/{user_id}", None),
    ("POST", "/user", None),
    ("DELETE", "/user/{user_id}", None),
    ("POST", "/batch", "batch_write"),
    ("POST", "/batch", "batch_delete"),
    ("POST", "/batch", "populate_sample_data"),
]
KEYS = [None, {"Idempotency-Key": "a key"}]
READS = [
    ("GET", "/users", {}),
    ("GET", "/users/{user_id}", {"path": "ada"}),
    ("GET", "/users/{user_id}", {"path": "nobody"}),
    ("GET", "/user/{user_id}", {"path": "ada"}),
    ("POST", "/batch", {"body": {**BODY, "operation": "batch_read"}}),
    ("GET", "/query", {"query": {"operation": "query_by_user", "user_id": "ada"}}),
    ("GET", "/query", {"query": {"operation": "query_by_email", "email": "ada@example.com"}}),
    ("GET", "/query", {"query": {"operation": "scan_by_age"}}),
    ("GET", "/query", {"query": {"operation": "query_by_age"}}),
    ("GET", "/query", {"query": {"operation": "query_user_history", "user_id": "ada"}}),
    ("GET", "/query", {"query": {"operation": "query_recent_users"}}),
    ("GET", "/query", {"query": {"operation": "search", "q": "ada"}}),
    ("GET", "/openapi.json", {}),
    ("GET", "/health", {}),
]


def write(call: Call, way: Way, headers: dict[str, str] | None = None) -> Answer:
    method, resource, operation = way
    return call(method, resource, path="ada", body={**BODY, "operation": operation}, headers=headers)
