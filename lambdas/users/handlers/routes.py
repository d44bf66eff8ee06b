"""Which endpoint serves which requests."""

from collections.abc import Callable, Mapping

from lambdas.users.bootstrap import Application
from lambdas.users.http.errors import InvalidRequest
from lambdas.users.http.requests import Request
from lambdas.users.http.responses import Response

Endpoint = Callable[[Application, Request], Response]
Routes = Mapping[str, Mapping[str, Endpoint]]


def endpoint_of(request: Request, routes: Routes) -> Endpoint:
    """Find the endpoint by template and then method; raises InvalidRequest, with status 404 or 405."""
    methods = routes.get(request.resource)
    if methods is None:
        raise InvalidRequest("Not found", status=404)
    if request.method not in methods:
        allow = {"Allow": ", ".join(methods)}
        raise InvalidRequest("Method not allowed", status=405, headers=allow)
    return methods[request.method]
