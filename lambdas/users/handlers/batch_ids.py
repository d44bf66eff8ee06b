"""Batches of ids: users to read, or to delete."""

from collections.abc import Mapping

from lambdas.users.adapters.lanes import side_by_side
from lambdas.users.bootstrap import Application
from lambdas.users.domain.errors import UserNotFound
from lambdas.users.handlers.latest import remove
from lambdas.users.http.answers import UsersDeleted, UsersRead
from lambdas.users.http.bodies import could_be_id, user_ids
from lambdas.users.http.requests import Request
from lambdas.users.http.responses import Response, json_response
from lambdas.users.http.views import user_view


def read(app: Application, _request: Request, document: Mapping[str, object]) -> Response:
    """Show each user once, whose id is given; raises InvalidRequest."""
    requested = user_ids(document)
    unique = tuple(dict.fromkeys(requested))
    users = app.users.get_all([user_id for user_id in unique if could_be_id(user_id)])
    found = tuple(user_view(users[user_id]) for user_id in unique if user_id in users)
    answer = UsersRead(
        found_users=found,
        not_found_users=tuple(user_id for user_id in unique if user_id not in users),
        total_requested=len(requested),
        total_found=len(found),
    )
    return json_response(200, answer)


def delete(app: Application, _request: Request, document: Mapping[str, object]) -> Response:
    """Remove each user whose id is given; raises InvalidRequest.

    Where the repository fails on the way, some are gone, and a repeat of the request removes the others.
    """
    unique = tuple(dict.fromkeys(user_ids(document)))

    def was_there(user_id: str) -> bool:
        try:
            remove(app, user_id)
        except UserNotFound:
            return False
        return True

    possible = [user_id for user_id in unique if could_be_id(user_id)]
    outcomes = side_by_side(was_there, possible)
    deleted = {user_id for user_id, gone in zip(possible, outcomes, strict=True) if gone}
    answer = UsersDeleted(
        message=f"Successfully deleted {len(deleted)} users",
        not_found_users=tuple(user_id for user_id in unique if user_id not in deleted),
    )
    return json_response(200, answer)
