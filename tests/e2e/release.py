"""A release that the API says: a change of its code, its test and its document that is seen over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import httpx

from tests.e2e.clone import Clone
from tests.e2e.platform import Platform

ANSWERS = "lambdas/users/http/answers.py"
HEALTH_TEST = "tests/lambdas/users/handlers/test_health.py"
LAST_FIELD = "    region: str\n\n\nclass UsersCreated"
GET = partial(httpx.get, timeout=20)


def releases(platform: Platform, *, get: Callable[[str], httpx.Response] = GET) -> list[str | None]:
    """What each Region says that its release is, the primary one first."""
    answers = [get(f"{region.api_url}/health") for region in platform.layout.regions]
    return [answer.json().get("release") for answer in answers]


def say_release(clone: Clone, release: str, *, before: str | None) -> None:
    """Have the API say a release in a field of its own: in its code, its test and its document."""
    if before is None:
        with_field = LAST_FIELD.replace("str\n", f'str\n    release: str = "{release}"\n', 1)
        clone.replace(ANSWERS, LAST_FIELD, with_field)
        clone.replace(
            HEALTH_TEST, '"region": "eu-west-1"}', f'"region": "eu-west-1", "release": "{release}"}}'
        )
    else:
        clone.replace(ANSWERS, f'"{before}"', f'"{release}"')
        clone.replace(HEALTH_TEST, f'"{before}"', f'"{release}"')
    clone.run("lambdas.users.http.openapi")
