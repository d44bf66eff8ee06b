"""Batches of new users."""

from collections.abc import Mapping

from lambdas.users.bootstrap import Application
from lambdas.users.handlers import batch_once
from lambdas.users.handlers.creation import create_all
from lambdas.users.http import idempotency
from lambdas.users.http.bodies import members
from lambdas.users.http.new_batch import NewBatch, answer, texts
from lambdas.users.http.requests import Request
from lambdas.users.http.responses import Response


def write(app: Application, request: Request, document: Mapping[str, object]) -> Response:
    """Create those users of a batch who can be, once for each idempotency key.

    Raises InvalidRequest, or RepositoryUnavailable where nobody could be created for now.
    """
    key = idempotency.key_of(request)
    batch = NewBatch.of(members(document, "users", word="users data"), key=key, new_id=app.new_id)
    if key is not None:
        receipt = key.receipt(request, document, at=app.now(), region=app.region)
        return batch_once.write(app, batch, receipt)
    users = batch.users(at=app.now(), region=app.region)
    return answer(users, {**batch.refused, **texts(create_all(app, users))})
