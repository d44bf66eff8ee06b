"""What can be wrong with a request to change or read a user, in the language of users."""

from msgspec import Struct

from lambdas.users.domain.receipt import Receipt


class UserNotFound(Exception):
    """No current user has this id."""


class UserAlreadyExists(Exception):
    """A current user has this id."""


class EmailAlreadyInUse(Exception):
    """Another user holds this email."""


class Superseded(Exception):
    """The user is at another version than the one that was to be changed."""


class RequestRepeated(Exception):
    """A request with this idempotency key was served before; `first` is its receipt."""

    def __init__(self, first: Receipt) -> None:
        super().__init__(first.at)
        self.first = first


class RepositoryUnavailable(Exception):
    """The users cannot be reached now; the same call may succeed later."""


class RegionFenced(Exception):
    """This region takes no writes for now: the same request may succeed later, or in the other region."""


class Fault(Struct, frozen=True):
    """One field that breaks its rule, which is put in words; a required field may be missing altogether."""

    field: str
    rule: str
    missing: bool = False


class InvalidUser(Exception):
    """The fields do not describe a user; `faults` says why, in the order of fields, and is never empty."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(", ".join(fault.field for fault in faults))
        self.faults = faults
