"""Failures, as problem details (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus

from msgspec import UNSET, Struct, UnsetType

from lambdas.users.domain.errors import (
    EmailAlreadyInUse,
    Fault,
    InvalidUser,
    RepositoryUnavailable,
    UserAlreadyExists,
    UserNotFound,
)
from lambdas.users.http.errors import InvalidRequest
from lambdas.users.http.responses import Response, json_response

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = "1"


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
    """A problem whose type is its status; `error` repeats the detail for clients from before RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str
    errors: tuple[FieldProblem, ...] | UnsetType = UNSET
    error: str


def answer(failure: Exception, *, request_id: str) -> Response:
    """Return the problem that a failure is to a client: a 500 without particulars if nobody foresaw it."""
    match failure:
        case InvalidRequest():
            return _problem(failure.status, failure.detail, request_id, headers=failure.headers)
        case InvalidUser():
            errors = tuple(_field_problem(fault) for fault in failure.faults)
            return _problem(400, _summary(failure.faults), request_id, errors=errors)
        case UserNotFound():
            return _problem(404, "User not found", request_id)
        case UserAlreadyExists() | EmailAlreadyInUse():
            taken = _TAKEN[type(failure)]
            return _problem(409, taken.detail, request_id, errors=(taken,))
        case RepositoryUnavailable():
            retry = {"Retry-After": RETRY_AFTER_SECONDS}
            return _problem(503, "Service temporarily unavailable", request_id, headers=retry)
        case _:
            return _problem(500, "Internal server error", request_id)


def _problem(
    status: int,
    detail: str,
    request_id: str,
    *,
    errors: tuple[FieldProblem, ...] | UnsetType = UNSET,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Write a problem; its instance is the request, which X-Request-Id and the log name alike."""
    problem = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=f"urn:uuid:{request_id}",
        errors=errors,
        error=detail,
    )
    return json_response(status, problem, headers=headers, media_type=MEDIA_TYPE)


def _field_problem(fault: Fault) -> FieldProblem:
    """Point at a fault."""
    return FieldProblem(f"/{fault.field}", f"must be {fault.rule}")


def _summary(faults: tuple[Fault, ...]) -> str:
    """Name the first field that is missing, or else the first that breaks its rule."""
    for fault in faults:
        if fault.missing:
            return f"Missing required field: '{fault.field}'"
    return f"Invalid field: '{faults[0].field}'"
