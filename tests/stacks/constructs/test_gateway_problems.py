"""What API Gateway answers by itself is a problem, as what the functions answer is."""

import json
from typing import Any

import pytest

from stacks.constructs.gateway_problems import PROBLEMS, TITLES
from tests.stacks.assembly import Assembly, Stack


@pytest.fixture
def stack(assembly: Assembly) -> Stack:
    return assembly.stacks["BetaSecondary-Api"]


@pytest.fixture(params=PROBLEMS)
def response(request: pytest.FixtureRequest, stack: Stack) -> dict[str, Any]:
    responses = stack.of_type("AWS::ApiGateway::GatewayResponse").values()
    (found,) = (
        each["Properties"] for each in responses if each["Properties"]["ResponseType"] == request.param
    )
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("type_", "status"),
    [
        ("BAD_REQUEST_BODY", 400),
        ("MISSING_AUTHENTICATION_TOKEN", 404),
        ("RESOURCE_NOT_FOUND", 404),
        ("REQUEST_TOO_LARGE", 413),
        ("THROTTLED", 429),
        ("INTEGRATION_TIMEOUT", 504),
        ("DEFAULT_4XX", 400),
        ("DEFAULT_5XX", 500),
    ],
)
def test_a_failure_has_the_status_that_a_client_expects(type_: str, status: int) -> None:
    assert PROBLEMS[type_][0] == status


def test_a_body_is_a_problem_with_the_status_of_the_response(response: dict[str, Any]) -> None:
    problem = json.loads(response["ResponseTemplates"]["application/json"])
    assert set(problem) == {"type", "title", "status", "detail", "instance", "error"}
    assert str(problem["status"]) == response["StatusCode"]
    assert (problem["type"], problem["title"]) == ("about:blank", TITLES[problem["status"]])
    assert problem["error"] == problem["detail"] != ""
    assert problem["instance"] == "urn:uuid:$context.requestId"


def test_nothing_of_the_request_is_repeated(response: dict[str, Any]) -> None:
    assert response["ResponseTemplates"]["application/json"].count("$") == 1  # the request's id


def test_headers_say_what_it_is_and_which_request_and_region(response: dict[str, Any], stack: Stack) -> None:
    prefix = "gatewayresponse.header."
    headers = {name.removeprefix(prefix): value for name, value in response["ResponseParameters"].items()}
    retry_after = headers.pop("Retry-After", None)
    assert headers == {
        "Content-Type": "'application/problem+json'",
        "X-Region": f"'{stack.region}'",
        "X-Request-Id": "context.requestId",
    }
    assert (retry_after == "'1'") is (response["StatusCode"] == "429")


def test_a_changed_response_is_deployed(stack: Stack) -> None:
    dependencies = stack.only("AWS::ApiGateway::Deployment")["DependsOn"]
    assert set(stack.of_type("AWS::ApiGateway::GatewayResponse")) <= set(dependencies)
