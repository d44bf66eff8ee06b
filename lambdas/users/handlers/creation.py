"""Many users, created at once."""

from collections.abc import Mapping

from lambdas.users.bootstrap import Application
from lambdas.users.domain.errors import RepositoryUnavailable
from lambdas.users.domain.user import User
from lambdas.users.http.new_batch import NewBatch


def create_all(app: Application, users: Mapping[int, User]) -> dict[int, Exception]:
    """Create users, and return the errors of those who were not created, under the same indexes.

    Raises RepositoryUnavailable where that is the error of each of them.
    """
    indexes = list(users)
    refused = app.users.create_all(list(users.values()))
    errors = {indexes[place]: error for place, error in refused.items()}
    outages = [error for error in errors.values() if isinstance(error, RepositoryUnavailable)]
    if outages and len(outages) == len(users):
        raise outages[0]
    return errors


def left_behind(app: Application, batch: NewBatch, users: Mapping[int, User]) -> Mapping[int, User]:
    """Find those of the users who exist just as this batch makes them, under ids that come from its key."""
    made = {user.user_id: index for index, user in users.items() if batch.valid[index].user_id is None}
    kept = app.users.get_all(list(made)) if made else {}
    return {
        made[user_id]: user
        for user_id, user in kept.items()
        if user.version.number == 1 and user.profile == users[made[user_id]].profile
    }
