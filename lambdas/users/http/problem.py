"""Failures, as problem details (RFC 9457)."""

from collections.abc import Mapping
from math import ceil

from msgspec import UNSET, Struct, UnsetType

from lambdas.users.domain.errors import (
    EmailAlreadyInUse,
    Fault,
    InvalidUser,
    RegionFenced,
    RepositoryUnavailable,
    UserAlreadyExists,
    UserNotFound,
)
from lambdas.users.domain.fence import FENCE_SETTLES_S
from lambdas.users.http.errors import Failed, InvalidRequest
from lambdas.users.http.responses import Response, json_response

MEDIA_TYPE = "application/problem+json"

# As RFC 9110 has them (section 15); Python's own changed with its versions.
TITLES: Mapping[int, str] = {
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    412: "Precondition Failed",
    413: "Content Too Large",
    422: "Unprocessable Content",
    500: "Internal Server Error",
    503: "Service Unavailable",
}

_STATUS: Mapping[type[Exception], int] = {
    InvalidUser: 400,
    UserNotFound: 404,
    UserAlreadyExists: 409,
    EmailAlreadyInUse: 409,
    RepositoryUnavailable: 503,
    RegionFenced: 503,
}

_SAID: Mapping[type[Exception], str] = {
    UserNotFound: "User not found",
    RepositoryUnavailable: "Service temporarily unavailable",
    RegionFenced: "Writes are paused in this region",
}

# Within the time in which a change of its state is seen, a fenced region may only repeat itself.
_RETRY_AFTER_SECONDS: Mapping[type[Exception], int] = {
    RepositoryUnavailable: 1,
    RegionFenced: ceil(FENCE_SETTLES_S),
}


class FieldProblem(Struct, frozen=True):
    """What is wrong with one field, at a JSON pointer (RFC 6901) into the request's body."""

    pointer: str
    detail: str


# A program tells the two conflicts apart by the pointer.
_TAKEN: Mapping[type[Exception], FieldProblem] = {
    UserAlreadyExists: FieldProblem("/user_id", "User already exists"),
    EmailAlreadyInUse: FieldProblem("/email", "Email already in use"),
}


class Problem(Struct, frozen=True, kw_only=True):
    """A problem whose type is its status; `error` repeats the detail for clients from before RFC 9457.

    `failed` says what is wrong with each user of a batch that was refused as a whole.
    """

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str
    errors: tuple[FieldProblem, ...] | UnsetType = UNSET
    failed: tuple[Failed, ...] | UnsetType = UNSET
    error: str


def answer(failure: Exception, *, request_id: str) -> Response:
    """Return the problem that a failure is to a client: a 500 without particulars if nobody foresaw it.

    Its instance is the request, which X-Request-Id and the log name alike.
    """
    status, detail = _status(failure), describe(failure)
    problem = Problem(
        title=TITLES[status],
        status=status,
        detail=detail,
        instance=f"urn:uuid:{request_id}",
        errors=_errors(failure) or UNSET,
        failed=(failure.failed if isinstance(failure, InvalidRequest) else ()) or UNSET,
        error=detail,
    )
    return json_response(status, problem, headers=_headers(failure), media_type=MEDIA_TYPE)


def describe(failure: Exception) -> str:
    """Return what a client may know of a failure, in one sentence."""
    match failure:
        case InvalidRequest():
            return failure.detail
        case InvalidUser():
            return _summary(failure.faults)
        case UserAlreadyExists() | EmailAlreadyInUse():
            return _TAKEN[type(failure)].detail
        case UserNotFound() | RepositoryUnavailable() | RegionFenced():
            return _SAID[type(failure)]
        case _:
            return "Internal server error"


def _status(failure: Exception) -> int:
    """Return the status of a failure."""
    if isinstance(failure, InvalidRequest):
        return failure.status
    return next((status for kind, status in _STATUS.items() if isinstance(failure, kind)), 500)


def _errors(failure: Exception) -> tuple[FieldProblem, ...]:
    """Point at the fields that a failure is about."""
    if isinstance(failure, InvalidUser):
        return tuple(FieldProblem(f"/{fault.field}", f"must be {fault.rule}") for fault in failure.faults)
    return (_TAKEN[type(failure)],) if type(failure) in _TAKEN else ()


def _headers(failure: Exception) -> Mapping[str, str]:
    """Return the headers that a failure adds."""
    for kind, seconds in _RETRY_AFTER_SECONDS.items():
        if isinstance(failure, kind):
            return {"Retry-After": str(seconds)}
    return failure.headers if isinstance(failure, InvalidRequest) else {}


def _summary(faults: tuple[Fault, ...]) -> str:
    """Name the first field that is missing, or else the first that breaks its rule."""
    for fault in faults:
        if fault.missing:
            return f"Missing required field: '{fault.field}'"
    return f"Invalid field: '{faults[0].field}'"
