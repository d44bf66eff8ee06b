"""Which function of the asset answers which paths, and what each may do to the table."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A handler, the paths that it answers, and its rights.

    `table` lists actions on the table itself; a transaction needs those of its parts, so none is named for
    it. `indexes` lists, by action, the indexes through which it is allowed.
    """

    handler: str
    paths: Sequence[str]
    table: Sequence[str]
    indexes: Mapping[str, Sequence[str]] = field(default_factory=dict)


ENDPOINTS: Mapping[str, Endpoint] = {
    "Crud": Endpoint(
        handler="lambdas.users.handlers.crud.handler",
        paths=("/users", "/users/{user_id}", "/health", "/openapi.json", "/user", "/user/{user_id}"),
        table=(
            "dynamodb:BatchWriteItem",
            "dynamodb:DeleteItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
        ),
        indexes={"dynamodb:Query": ["created-index"]},
    ),
    "Batch": Endpoint(
        handler="lambdas.users.handlers.batch.handler",
        paths=("/batch",),
        table=(
            "dynamodb:BatchGetItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:DeleteItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
        ),
    ),
    "Query": Endpoint(
        handler="lambdas.users.handlers.query.handler",
        paths=("/query",),
        table=("dynamodb:GetItem", "dynamodb:Query"),
        indexes={
            "dynamodb:Query": ["email-index", "age-index", "created-index", "name-index"],
            "dynamodb:Scan": ["email-index"],  # `scan_by_age`, which shows what an index saves
        },
    ),
}


def methods(bodies: Collection[tuple[str, str]]) -> Sequence[str]:
    """Every method that is routed, as `POST /batch`: `ANY` of each path, and those that take a body.

    `bodies` are paths, each with a method. A method with a body is routed by itself as well, since a
    validator belongs to a method.
    """
    paths = [path for endpoint in ENDPOINTS.values() for path in endpoint.paths]
    return [f"ANY {path}" for path in paths] + [f"{method} {path}" for path, method in bodies]
