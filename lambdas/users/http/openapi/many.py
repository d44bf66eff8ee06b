"""The operations on many users: batches and queries."""

from collections.abc import Sequence

from lambdas.users.http import answers, bodies, parameters, queries
from lambdas.users.http.errors import Failed
from lambdas.users.http.idempotency import HEADER, REPLAYED
from lambdas.users.http.openapi import examples
from lambdas.users.http.openapi.examples import ADA
from lambdas.users.http.openapi.operation import Answer, Operation
from lambdas.users.http.query_answers import QueriesListed

OPERATIONS: Sequence[Operation] = (
    Operation(
        id="batch",
        method="post",
        path="/batch",
        summary="Create, read or delete up to a thousand users",
        description=(
            "Each user of a batch_write is judged alone. No other operation looks at the key. "
            "While writes are paused, batch_read goes on, and the other operations are refused."
        ),
        headers=(HEADER,),
        body=bodies.Batch,
        body_examples={
            "batch_write": {
                "operation": "batch_write",
                "users": [examples.ADA_FIELDS, examples.GRACE_FIELDS],
            },
            "batch_read": {"operation": "batch_read", "user_ids": ["ada", "grace"]},
            "batch_delete": {"operation": "batch_delete", "user_ids": ["ada", "grace"]},
            "populate_sample_data": {"operation": "populate_sample_data"},
        },
        answers=(
            Answer(
                status=200,
                description="The users were read, or deleted",
                document=(answers.UsersRead, answers.UsersDeleted),
                example=answers.UsersRead(
                    found_users=(ADA,), not_found_users=("grace",), total_requested=2, total_found=1
                ),
            ),
            Answer(
                status=201,
                description="All the users were created",
                document=answers.UsersCreated,
                headers=(REPLAYED,),
                example=answers.UsersCreated(message="Successfully created 1 users", users=(ADA,)),
            ),
            Answer(
                status=207,
                description="Users were created, and others were not",
                document=answers.UsersCreated,
                headers=(REPLAYED,),
                example=answers.UsersCreated(
                    message="Successfully created 1 users",
                    users=(ADA,),
                    failed=(Failed(1, "Email already in use"),),
                ),
            ),
        ),
        problems=(400, 409, 413, 422),
    ),
    Operation(
        id="query",
        method="get",
        path="/query",
        summary="Find users, and see what that costs",
        description="Without an operation, or with an unknown one, the operations are listed.",
        query=parameters.AnyQuery,
        answers=(
            Answer(
                status=200,
                description="What was found",
                document=(QueriesListed, *dict.fromkeys(query.answer for query in queries.QUERIES.values())),
                headers=("Link",),
                example=queries.listing(),
            ),
        ),
        problems=(400, 404),
    ),
)
