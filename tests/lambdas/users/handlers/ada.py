"""The user that a test is about, and her entity tags."""

from typing import Any

ADA = {
    "user_id": "ada",
    "name": "Ada Lovelace",
    "email": "ada@example.com",
    "age": 36,
    "phone": "1",
    "address": "2",
}
STALE = '"2029-01-01T00:00:00.000000Z#eu-west-1"'


def tag(user: dict[str, Any]) -> str:
    return f'"{user["timestamp"]}#eu-west-1"'
