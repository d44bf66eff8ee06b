"""Users of one call who cannot all be kept."""

from collections.abc import Mapping, Sequence

from lambdas.users.domain.errors import EmailAlreadyInUse, UserAlreadyExists
from lambdas.users.domain.user import User


def twins(users: Sequence[User]) -> Mapping[int, Exception]:
    """Return, by index, the error of each user whose id or email an earlier one has: the first one wins.

    One that is refused takes nothing: a third user may have its email.
    """
    refused: dict[int, Exception] = {}
    ids: set[str] = set()
    emails: set[str] = set()
    for index, user in enumerate(users):
        if user.user_id in ids:
            refused[index] = UserAlreadyExists()
        elif user.profile.email in emails:
            refused[index] = EmailAlreadyInUse()
        else:
            ids.add(user.user_id)
            emails.add(user.profile.email)
    return refused
