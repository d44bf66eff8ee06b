"""The operations on one user, and on the list of them."""

from collections.abc import Sequence

from lambdas.users.domain.user import NewUser
from lambdas.users.http import answers, bodies, parameters
from lambdas.users.http.idempotency import HEADER, REPLAYED
from lambdas.users.http.openapi import examples
from lambdas.users.http.openapi.examples import ADA
from lambdas.users.http.openapi.operation import Answer, Operation

OPERATIONS: Sequence[Operation] = (
    Operation(
        id="createUser",
        method="post",
        path="/users",
        summary="Create a user",
        headers=(HEADER,),
        body=NewUser,
        body_examples={"a user": examples.ADA_FIELDS},
        answers=(
            Answer(
                status=201,
                description="The user was created",
                document=answers.UserSaved,
                headers=("Location", "ETag", REPLAYED),
                example=answers.UserSaved(message="User created successfully", user=ADA),
            ),
        ),
        problems=(400, 409, 413, 422),
    ),
    Operation(
        id="listUsers",
        method="get",
        path="/users",
        summary="List users in the order in which they were created",
        query=parameters.Paged,
        answers=(
            Answer(
                status=200,
                description="A page of users",
                document=answers.UsersListed,
                headers=("Link",),
                example=answers.UsersListed(users=(ADA,), count=1),
            ),
        ),
        problems=(400,),
    ),
    Operation(
        id="readUser",
        method="get",
        path="/users/{user_id}",
        summary="Read a user",
        headers=("If-None-Match",),
        answers=(
            Answer(
                status=200,
                description="The user",
                document=answers.UserFound,
                headers=("ETag",),
                example=answers.UserFound(user=ADA),
            ),
            Answer(status=304, description="The client has this version", headers=("ETag",)),
        ),
        problems=(404,),
    ),
    Operation(
        id="updateUser",
        method="put",
        path="/users/{user_id}",
        summary="Change a user",
        description=(
            "What the body names is changed, and null removes what is optional. Every update makes a "
            "version: what changes nothing here may change something in the other region."
        ),
        headers=("If-Match",),
        body=bodies.ChangedUser,
        body_examples={"a birthday": {"age": 37}, "no phone": {"phone": None}},
        answers=(
            Answer(
                status=200,
                description="The user was changed",
                document=answers.UserSaved,
                headers=("ETag",),
                example=answers.UserSaved(message="User updated successfully", user=ADA),
            ),
        ),
        problems=(400, 404, 409, 412, 413),
    ),
    Operation(
        id="deleteUser",
        method="delete",
        path="/users/{user_id}",
        summary="Delete a user with its versions",
        headers=("If-Match",),
        answers=(
            Answer(
                status=200,
                description="The user was deleted",
                document=answers.Done,
                example=answers.Done(message="User deleted successfully. Removed 2 versions."),
            ),
        ),
        problems=(400, 404, 412),
    ),
)
