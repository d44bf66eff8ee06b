"""Whether this region can serve."""

from lambdas.users.bootstrap import Application
from lambdas.users.http.answers import Healthy
from lambdas.users.http.requests import Request
from lambdas.users.http.responses import Response, json_response


def check(app: Application, _request: Request) -> Response:
    """Return 200 where the regional table answers within a second; raises RepositoryUnavailable otherwise.

    A region that is fenced is healthy: it serves reads, and may be the one to go back to.
    """
    app.users.ping()
    return json_response(200, Healthy(status="ok", region=app.region))
