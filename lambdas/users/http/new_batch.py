"""A batch of new users, each judged alone."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Self

from msgspec import UNSET, Struct

from lambdas.users.domain.errors import InvalidUser
from lambdas.users.domain.user import NewUser, User, first_version
from lambdas.users.domain.validation import new_user
from lambdas.users.http import problem
from lambdas.users.http.answers import UsersCreated
from lambdas.users.http.errors import Failed, InvalidRequest
from lambdas.users.http.idempotency import IdempotencyKey
from lambdas.users.http.responses import Response, json_response
from lambdas.users.http.views import user_view


class NewBatch(Struct, frozen=True, kw_only=True):
    """The valid users by their index in the request, the ids that they get, and the errors of the others."""

    valid: Mapping[int, NewUser]
    ids: Mapping[int, str]
    refused: Mapping[int, str]

    @classmethod
    def of(cls, members: Sequence[object], *, key: IdempotencyKey | None, new_id: Callable[[], str]) -> Self:
        """Judge the members of a batch; raises InvalidRequest where none of them is a user."""
        judged = {index: _judge(member) for index, member in enumerate(members)}
        valid = {index: new for index, new in judged.items() if isinstance(new, NewUser)}
        refused = {index: error for index, error in judged.items() if isinstance(error, str)}
        if not valid:
            raise InvalidRequest("No valid users", failed=failures(refused))
        ids = {
            index: new.user_id or (key.user_id(index) if key else new_id()) for index, new in valid.items()
        }
        return cls(valid=valid, ids=ids, refused=refused)

    def users(self, *, at: datetime, region: str) -> dict[int, User]:
        """Return the users that the valid ones become when they are created at an aware time in a region."""
        return {
            index: first_version(new, user_id=self.ids[index], at=at, region=region)
            for index, new in self.valid.items()
        }


def answer(users: Mapping[int, User], refused: Mapping[int, str]) -> Response:
    """Return the 201 for users, or the 207 where some of them were refused."""
    views = tuple(user_view(user) for index, user in sorted(users.items()) if index not in refused)
    document = UsersCreated(
        message=f"Successfully created {len(views)} users",
        users=views,
        failed=failures(refused) if refused else UNSET,
    )
    return json_response(207 if refused else 201, document)


def texts(errors: Mapping[int, Exception]) -> dict[int, str]:
    """Put errors in words."""
    return {index: problem.describe(error) for index, error in errors.items()}


def failures(refused: Mapping[int, str]) -> tuple[Failed, ...]:
    """Return errors in the order of the request."""
    return tuple(Failed(index, refused[index]) for index in sorted(refused))


def _judge(member: object) -> NewUser | str:
    """Return the new user that a member describes, or what is wrong with it."""
    if not isinstance(member, dict):
        return "The user is not a JSON object"
    try:
        return new_user(member)
    except InvalidUser as refusal:
        return problem.describe(refusal)
