"""Users in the memory of one process, for tests and for trying things out."""

from threading import Lock

from lambdas.users.domain.errors import EmailAlreadyInUse, UserAlreadyExists, UserNotFound
from lambdas.users.domain.user import User


class MemoryUsers:
    """A UserRepository that forgets everything when it goes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._users: dict[str, User] = {}
        self._emails: set[str] = set()

    def create(self, user: User) -> None:
        """Keep a new user; raises UserAlreadyExists or else EmailAlreadyInUse."""
        with self._lock:
            if user.user_id in self._users:
                raise UserAlreadyExists
            if user.profile.email in self._emails:
                raise EmailAlreadyInUse
            self._users[user.user_id] = user
            self._emails.add(user.profile.email)

    def get(self, user_id: str) -> User:
        """Return a user; raises UserNotFound."""
        try:
            return self._users[user_id]
        except KeyError:
            raise UserNotFound from None

    def ping(self) -> None:
        """Do nothing: memory is always there."""
