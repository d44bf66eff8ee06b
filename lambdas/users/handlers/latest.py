"""Writes that build on what a user is now."""

from collections.abc import Callable
from typing import TypeVar

from lambdas.users.bootstrap import Application
from lambdas.users.domain.errors import RepositoryUnavailable, Superseded
from lambdas.users.domain.user import User, deletion
from lambdas.users.http.etag import require_match

R = TypeVar("R")

ATTEMPTS = 5


def write_to_latest(
    app: Application, user_id: str, write: Callable[[User], R], *, if_match: str | None = None
) -> R:
    """Return what a write makes of the user, which is read again where another write came in between.

    Conditions are looked at after the user is found, as RFC 9110 has it (section 13.2.1), and once more for
    each new version: a client who named one is told 412. Raises InvalidRequest, UserNotFound, what the write
    raises, or RepositoryUnavailable where others were faster every time.
    """
    for _ in range(ATTEMPTS):
        user = app.users.get(user_id)
        require_match(if_match, user)
        try:
            return write(user)
        except Superseded:
            continue
    raise RepositoryUnavailable


def remove(app: Application, user_id: str, *, if_match: str | None = None) -> int:
    """Delete a user with its versions, and return how many those were; raises as `write_to_latest` does."""

    def delete(user: User) -> int:
        return app.users.delete(user, deletion=deletion(user, at=app.now(), region=app.region))

    return write_to_latest(app, user_id, delete, if_match=if_match)
