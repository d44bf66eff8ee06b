"""The operations beside those on users: the tutorial's surface, the region's health, and the document."""

from collections.abc import Sequence

from lambdas.users.http import answers, bodies
from lambdas.users.http.openapi.examples import REGION
from lambdas.users.http.openapi.operation import Answer, Operation

OPERATIONS: Sequence[Operation] = (
    Operation(
        id="addTutorialUser",
        method="post",
        path="/user",
        summary="Create a user, in the keys of the tutorial",
        body=bodies.TutorialNewUser,
        body_examples={"a user": {"UserID": "ada", "Name": "Ada Lovelace", "Email": "ada@example.com"}},
        answers=(
            Answer(status=200, description="The user was created", document=str, example="User added."),
        ),
        problems=(400, 409, 413),
    ),
    Operation(
        id="readTutorialUser",
        method="get",
        path="/user/{user_id}",
        summary="Read a user, in the keys of the tutorial",
        user_id=str,
        answers=(
            Answer(
                status=200,
                description="The user, or an empty object where there is none",
                document=answers.TutorialUser,
                example=answers.TutorialUser(
                    user_id="ada", name="Ada Lovelace", email="ada@example.com", age=36
                ),
            ),
        ),
    ),
    Operation(
        id="deleteTutorialUser",
        method="delete",
        path="/user/{user_id}",
        summary="Delete a user if there is one",
        user_id=str,
        answers=(
            Answer(status=200, description="There is no such user", document=str, example="User deleted."),
        ),
    ),
    Operation(
        id="checkHealth",
        method="get",
        path="/health",
        summary="Tell whether this region can serve",
        description="It can while its writes are paused: reads go on, and nothing is wrong with it.",
        answers=(
            Answer(
                status=200,
                description="It can",
                document=answers.Healthy,
                example=answers.Healthy(status="ok", region=REGION),
            ),
        ),
    ),
    Operation(
        id="describeApi",
        method="get",
        path="/openapi.json",
        summary="Describe the API",
        answers=(Answer(status=200, description="This document", document=dict),),
    ),
)
