"""What API Gateway answers by itself, in the form in which the functions answer."""

import json
from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

# The titles are those of RFC 9110; Python's own changed with its versions, and a template must not.
TITLES: Mapping[int, str] = {
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    500: "Internal Server Error",
    504: "Gateway Timeout",
}
# Each type of response with its status and what it says. API Gateway takes a path that it does not know for
# a call without credentials. What is not listed falls to one of the two defaults, the errors of integrations
# included (https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html).
PROBLEMS: Mapping[str, tuple[int, str]] = {
    "ACCESS_DENIED": (403, "Forbidden"),
    "BAD_REQUEST_BODY": (400, "The body is not a JSON object"),
    "BAD_REQUEST_PARAMETERS": (400, "A parameter is missing"),
    "DEFAULT_4XX": (400, "Bad request"),
    "DEFAULT_5XX": (500, "Internal server error"),
    "INTEGRATION_FAILURE": (504, "No answer in time"),
    "INTEGRATION_TIMEOUT": (504, "No answer in time"),
    "INVALID_SIGNATURE": (403, "Forbidden"),
    "MISSING_AUTHENTICATION_TOKEN": (404, "Not found"),
    "QUOTA_EXCEEDED": (429, "Too many requests"),
    "REQUEST_TOO_LARGE": (413, "The body is too long"),
    "RESOURCE_NOT_FOUND": (404, "Not found"),
    "THROTTLED": (429, "Too many requests"),
    "UNSUPPORTED_MEDIA_TYPE": (415, "Unsupported media type"),
    "WAF_FILTERED": (403, "Forbidden"),
}


class GatewayProblems(Construct):
    """A problem (RFC 9457) for each way in which a request ends before it reaches a function, or after it."""

    def __init__(self, scope: Construct, id: str, *, rest_api: apigateway.RestApi) -> None:
        super().__init__(scope, id)
        region = cdk.Stack.of(self).region
        for type_, (status, detail) in PROBLEMS.items():
            apigateway.GatewayResponse(
                self,
                "".join(word.title() for word in type_.split("_")),
                rest_api=rest_api,
                type=apigateway.ResponseType.of(type_),
                status_code=str(status),
                response_headers=_headers(status, region),
                # Of all templates this is the one that is taken whatever a client accepts.
                templates={"application/json": json.dumps(_problem(status, detail))},
            )


def _problem(status: int, detail: str) -> Mapping[str, object]:
    """Write a problem with text of ours: what API Gateway would say may repeat the request."""
    return {
        "type": "about:blank",
        "title": TITLES[status],
        "status": status,
        "detail": detail,
        "instance": "urn:uuid:$context.requestId",
        "error": detail,
    }


def _headers(status: int, region: str) -> Mapping[str, str]:
    """Say what every answer says; quotes make a value out of what would be an expression."""
    headers = {
        "Content-Type": "'application/problem+json'",
        "X-Region": f"'{region}'",
        "X-Request-Id": "context.requestId",
    }
    return headers | ({"Retry-After": "'1'"} if status == 429 else {})
