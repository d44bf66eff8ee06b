"""What every endpoint that writes does first."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from lambdas.users.bootstrap import Application
from lambdas.users.http.responses import Response

P = ParamSpec("P")


def unless_fenced(
    endpoint: Callable[Concatenate[Application, P], Response],
) -> Callable[Concatenate[Application, P], Response]:
    """Return an endpoint that runs only where this region takes writes; raises RegionFenced otherwise.

    A request is refused before anything is read for it, or served to its end. A region that traffic moves
    away from soon is behind the other one, and might say 404, 409 or 412 of a user whom it has yet to hear
    of. A repeat of a request that was served is refused too, whether or not its answer is known here: it has
    that answer from either region afterwards. Raises RepositoryUnavailable where nobody can say whether the
    region is fenced, and what the endpoint raises.
    """

    def guarded(app: Application, /, *args: P.args, **kwargs: P.kwargs) -> Response:
        app.fence.require_open()
        return endpoint(app, *args, **kwargs)

    return guarded
