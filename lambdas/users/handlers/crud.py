"""The function that serves one user at a time, lists of them, and what there is to know about the region."""

from collections.abc import Mapping

from lambdas.users.handlers import collection, description, health, member, tutorial
from lambdas.users.handlers.dispatch import Invocation, serve
from lambdas.users.handlers.routes import Routes
from lambdas.users.handlers.writing import unless_fenced

ROUTES: Routes = {
    "/users": {"POST": unless_fenced(collection.create), "GET": collection.show},
    "/users/{user_id}": {
        "GET": member.show,
        "PUT": unless_fenced(member.update),
        "DELETE": unless_fenced(member.delete),
    },
    "/user": {"POST": unless_fenced(tutorial.add)},
    "/user/{user_id}": {"GET": tutorial.show, "DELETE": unless_fenced(tutorial.delete)},
    "/health": {"GET": health.check},
    "/openapi.json": {"GET": description.show},
}


def handler(event: Mapping[str, object], context: Invocation) -> dict[str, object]:
    """Serve an API Gateway event."""
    return serve(event, context, ROUTES)
