"""Batches of new users with an idempotency key."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import structs

from lambdas.users.bootstrap import Application
from lambdas.users.domain.errors import EmailAlreadyInUse, RequestRepeated, UserAlreadyExists
from lambdas.users.domain.receipt import Receipt
from lambdas.users.domain.user import User
from lambdas.users.handlers.creation import create_all, left_behind
from lambdas.users.http import idempotency
from lambdas.users.http.new_batch import NewBatch, answer, texts
from lambdas.users.http.responses import Response


def write(app: Application, batch: NewBatch, receipt: Receipt) -> Response:
    """Create the users of a batch who can be, or answer as when that was done; raises InvalidRequest.

    A first time that was cut short left some users and no receipt: they count as created, and the others are
    made as of then, so that all repeats answer alike.
    """
    first = app.users.receipt(receipt.key)
    if first is not None:
        return _replay(batch, idempotency.same(first, receipt))
    left = left_behind(app, batch, _users(batch, receipt))
    for survivor in left.values():
        receipt = structs.replace(receipt, at=survivor.version.at, region=survivor.version.region)
    users = _users(batch, receipt)
    errors = create_all(app, {index: user for index, user in users.items() if index not in left})
    if errors:  # the same request may be served twice at the same moment
        left = left_behind(app, batch, {index: users[index] for index in errors})
        errors = {index: error for index, error in errors.items() if index not in left}
    return _keep(app, batch, {**users, **left}, errors, receipt)


def _keep(
    app: Application,
    batch: NewBatch,
    users: Mapping[int, User],
    errors: Mapping[int, Exception],
    receipt: Receipt,
) -> Response:
    """Answer, and remember that unless the repository failed for some: a repeat then tries them again."""
    refused = {**batch.refused, **texts(errors)}
    if all(isinstance(error, UserAlreadyExists | EmailAlreadyInUse) for error in errors.values()):
        try:
            app.users.keep(structs.replace(receipt, refused=refused))
        except RequestRepeated as repeated:
            return _replay(batch, idempotency.same(repeated.first, receipt))
    return answer(users, refused)


def _replay(batch: NewBatch, first: Receipt) -> Response:
    """Answer as the first time."""
    return idempotency.replayed(answer(_users(batch, first), first.refused))


def _users(batch: NewBatch, receipt: Receipt) -> dict[int, User]:
    """Return the users of a batch as of a receipt."""
    return batch.users(at=datetime.fromisoformat(receipt.at), region=receipt.region)
