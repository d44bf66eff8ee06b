"""The HTTP face of the users API in one Region."""

import json
from collections.abc import Collection, Mapping
from typing import cast

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.api_metrics import STAGE
from stacks.constructs.expiring_log_group import ExpiringLogGroup
from stacks.constructs.gateway_account import GatewayAccount
from stacks.constructs.gateway_problems import GatewayProblems
from stacks.refused import Refused
from stacks.request_bodies import JSON, RequestBody, Schema
from stacks.sizing import ApiPolicy, LogPolicy, Throttle
from stacks.tls_policy import ACCESS_MODE, TLS_1_2_AND_1_3

# No body, no address of a caller, and the path as its pattern, which names no user.
ACCESS_LOG = {
    "requestId": "$context.requestId",
    "requestTime": "$context.requestTime",
    "httpMethod": "$context.httpMethod",
    "resourcePath": "$context.resourcePath",
    "status": "$context.status",
    "responseLength": "$context.responseLength",
    "responseLatency": "$context.responseLatency",
    "integrationStatus": "$context.integration.status",
    "integrationLatency": "$context.integration.latency",
    "integrationError": "$context.integration.error",
    "errorType": "$context.error.responseType",
}


class UnroutedMethod(Refused):
    """A limit is configured for a method that the API does not have."""


class UsersApi(Construct):
    """A regional REST API, throttled method by method, that logs each request in one line.

    `bodies` are the models that request bodies are held to, by path and method, and `methods` all that will
    be routed (`ANY /users`). Where there is a domain, the name that API Gateway gives out is switched off.
    Raises UnroutedMethod.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        account: GatewayAccount,
        bodies: Mapping[tuple[str, str], RequestBody],
        methods: Collection[str],
        policy: ApiPolicy,
        logs: LogPolicy,
    ) -> None:
        super().__init__(scope, id)
        self._bodies = bodies
        access_logs = ExpiringLogGroup(self, "AccessLogs", policy=logs).log_group
        self.rest_api = apigateway.RestApi(
            self,
            "RestApi",
            rest_api_name=name,
            endpoint_configuration=apigateway.EndpointConfiguration(
                types=[apigateway.EndpointType.REGIONAL], ip_address_type=apigateway.IpAddressType.DUAL_STACK
            ),
            disable_execute_api_endpoint=policy.domain is not None,
            cloud_watch_role=False,
            deploy_options=apigateway.StageOptions(
                stage_name=STAGE,
                tracing_enabled=True,
                throttling_rate_limit=policy.throttle.requests_per_second,
                throttling_burst_limit=policy.throttle.burst,
                method_options=_limits(policy.methods, methods),
                access_log_destination=apigateway.LogGroupLogDestination(access_logs),
                access_log_format=apigateway.AccessLogFormat.custom(json.dumps(ACCESS_LOG)),
            ),
        )
        _speak_modern_tls(self.rest_api)
        self.stage = self.rest_api.deployment_stage
        self.stage.node.add_dependency(account)
        self.rest_api.node.try_remove_child("Endpoint")  # an output; the stack has one with a name
        self._validator = self.rest_api.add_request_validator(
            "Validator", validate_request_body=True, validate_request_parameters=True
        )
        GatewayProblems(self, "Problems", rest_api=self.rest_api)

    def route(self, path: str, function: lambda_.IFunction) -> None:
        """Send every method of a path to a function, so that one place answers 405 and what is allowed.

        A method with a body is routed by itself as well, since a validator belongs to a method.
        """
        integration = apigateway.LambdaIntegration(function, scope_permission_to_method=False)
        resource = self.rest_api.root.resource_for_path(path)
        resource.add_method("ANY", integration)
        for (of_path, method), body in self._bodies.items():
            if of_path == path:
                resource.add_method(
                    method,
                    integration,
                    request_models={JSON: self._model(body)},
                    request_validator=self._validator,
                )

    def _model(self, body: RequestBody) -> apigateway.IModel:
        """Give the API a model."""
        schema = _json_schema(body.schema)
        return self.rest_api.add_model(body.name, model_name=body.name, content_type=JSON, schema=schema)


def _limits(
    throttles: Mapping[str, Throttle], methods: Collection[str]
) -> Mapping[str, apigateway.MethodDeploymentOptions]:
    """Write limits as settings of a stage, which names a method `/batch/POST`."""
    for method in throttles:
        if method not in methods:
            known = ", ".join(sorted(methods))
            raise UnroutedMethod(f"methods must name methods of the API, not {method!r}; it has {known}.")
    settings = {}
    for method, throttle in throttles.items():
        verb, path = method.split(" ")
        settings[f"{path}/{verb}"] = apigateway.MethodDeploymentOptions(
            throttling_rate_limit=throttle.requests_per_second, throttling_burst_limit=throttle.burst
        )
    return settings


def _speak_modern_tls(rest_api: apigateway.RestApi) -> None:
    """Set the TLS policy of an API, which decides for its custom domains as well, whatever theirs is.

    (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-update.html)
    """
    resource = cast(apigateway.CfnRestApi, rest_api.node.default_child)  # which is what the CDK makes
    resource.security_policy = TLS_1_2_AND_1_3
    resource.endpoint_access_mode = ACCESS_MODE


def _json_schema(schema: Schema) -> apigateway.JsonSchema:
    """Say an object's schema in the CDK's types."""
    fields = {name: apigateway.JsonSchema(**field) for name, field in schema["properties"].items()}
    outline = {word: text for word, text in schema.items() if word not in {"type", "properties"}}
    return apigateway.JsonSchema(
        **outline,
        schema=apigateway.JsonSchemaVersion.DRAFT4,
        type=apigateway.JsonSchemaType.OBJECT,
        properties=fields,
    )
