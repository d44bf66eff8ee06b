"""The users whom the document's examples are about."""

from datetime import UTC, datetime

from lambdas.users.domain.user import first_version
from lambdas.users.domain.validation import new_user
from lambdas.users.http.problem import TITLES, Problem
from lambdas.users.http.views import user_view

ADA_FIELDS = {"name": "Ada Lovelace", "email": "ada@example.com", "age": 36, "phone": "+44 20 7946 0000"}
GRACE_FIELDS = {"name": "Grace Hopper", "email": "grace@example.com"}
REGION = "eu-west-1"
REQUEST_ID = "6f1c0f4e-8a5f-4a3e-9a44-0f6f3c9b7d10"
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
ADA = user_view(first_version(new_user(ADA_FIELDS), user_id="ada", at=NOON, region=REGION))


def problem(status: int, detail: str) -> Problem:
    """Return a problem."""
    instance = f"urn:uuid:{REQUEST_ID}"
    return Problem(title=TITLES[status], status=status, detail=detail, instance=instance, error=detail)
