"""Reserved concurrency of a function as Lambda keeps it, for whoever invokes it by a version or an alias."""

from __future__ import annotations

import json
from typing import Any

from ministack.services import lambda_svc

Function = dict[str, Any]
ProxyAnswer = tuple[dict[str, Any] | None, str | None]

_reserved = lambda_svc._reserved_concurrency
_proxy_answer = lambda_svc.lambda_execute_result_to_api_proxy_response


def attach() -> None:
    """From now on, hold all versions to what is reserved for their function, and tell no client of it.

    The emulator asks the record of a version, which has what was reserved when that was published.
    """
    lambda_svc._reserved_concurrency = reserved
    lambda_svc.lambda_execute_result_to_api_proxy_response = proxy_answer


def reserved(function: Function, config: Function) -> int | None:
    """Return how many executions are reserved for the function of a record, None where none are.

    "Reserved concurrency applies to the function as a whole, including versions and aliases."
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
    """
    whole = lambda_svc._functions.get(config.get("FunctionName"))
    found: int | None = _reserved(whole or function, config)
    return found


def proxy_answer(result: dict[str, Any]) -> ProxyAnswer:
    """Return what a REST API answers for an invocation: of a throttled one no more than that it failed.

    "If the Lambda API rejects the invocation request, API Gateway returns a 500 error code."
    https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html
    """
    if result.get("throttle"):
        body = json.dumps({"message": "Internal server error"})
        return {"statusCode": 500, "headers": {"Content-Type": "application/json"}, "body": body}, None
    answer: ProxyAnswer = _proxy_answer(result)
    return answer
