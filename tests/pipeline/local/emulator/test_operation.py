"""Which operation a request asks for, in each protocol of AWS's APIs."""

from __future__ import annotations

import pytest

from pipeline.local.emulator.operation import UNKNOWN, Operation, Request, operation


def signed(service: str) -> dict[bytes, bytes]:
    scope = f"AWS4-HMAC-SHA256 Credential=000000000000/20261124/eu-west-1/{service}/aws4_request, Signature=1"
    return {b"authorization": scope.encode()}


def asked(service: str, call: str, query: bytes = b"", form: bytes = b"", **headers: str) -> Operation:
    method, _, path = call.partition(" ")
    more = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
    return operation(Request(method, path, query, signed(service) | more), form)


def test_a_json_protocol_names_the_action_in_a_header() -> None:
    found = asked("dynamodb", "POST /", x_amz_target="DynamoDB_20120810.TransactWriteItems")
    assert found == Operation("dynamodb", "TransactWriteItems")


def test_the_query_protocol_names_it_in_the_form_or_in_the_query() -> None:
    assert asked("sts", "POST /", form=b"Version=2&Action=AssumeRole") == ("sts", "AssumeRole")
    assert asked("sns", "GET /", b"Action=Publish&Version=2") == ("sns", "Publish")


def test_a_parameter_whose_name_ends_so_is_not_the_action() -> None:
    assert asked("sns", "POST /", form=b"MyAction=Nothing&Action=Publish").action == "Publish"


def test_cbor_names_it_in_the_path() -> None:
    path = "POST /service/GraniteServiceVersion20100801/operation/PutMetricData"
    assert asked("monitoring", path) == ("monitoring", "PutMetricData")


@pytest.mark.parametrize(
    ("service", "call", "action"),
    [
        ("lambda", "PUT /2017-10-31/functions/Users1/concurrency", "PutFunctionConcurrency"),
        ("lambda", "DELETE /2017-10-31/functions/Users1/concurrency", "DeleteFunctionConcurrency"),
        ("lambda", "POST /2015-03-31/functions/arn:aws:lambda:f:live/invocations", "Invoke"),
        ("lambda", "PUT /2015-03-31/functions/Users1/code", "UpdateFunctionCode"),
        ("lambda", "POST /2015-03-31/functions/", "CreateFunction"),
        ("route53", "POST /2013-04-01/hostedzone/Z1/rrset/", "ChangeResourceRecordSets"),
        ("route53", "GET /2013-04-01/hostedzone/Z1/rrset", "ListResourceRecordSets"),
        ("route53", "POST /2013-04-01/healthcheck/1-2", "UpdateHealthCheck"),
        ("apigateway", "POST /restapis/a1/deployments", "CreateDeployment"),
    ],
)
def test_a_rest_protocol_is_told_by_method_and_path(service: str, call: str, action: str) -> None:
    assert asked(service, call) == (service, action)


def test_what_has_no_name_here_is_its_method_and_path_without_ids() -> None:
    found = asked("apigateway", "GET /restapis/2106aa35/gatewayresponses")
    assert found.action == "GET /restapis/{id}/gatewayresponses"
    assert asked("lambda", "GET /2015-03-31/layers").action == "GET /2015-03-31/layers"


def test_sdks_that_say_the_name_of_a_rest_call_are_heard() -> None:
    assert asked("s3", "PUT /bucket/key", b"x-id=PutObject") == ("s3", "PutObject")


def test_a_presigned_call_has_its_service_in_the_query() -> None:
    query = b"X-Amz-Credential=0%2F20261124%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Signature=1"
    assert operation(Request("GET", "/bucket", query, {})).service == "s3"


def test_an_unsigned_call_has_its_service_in_its_target_or_is_unknown() -> None:
    def unsigned(target: str) -> Operation:
        return operation(Request("POST", "/", b"", {b"x-amz-target": target.encode()}))

    assert unsigned("DynamoDB_20120810.GetItem") == ("dynamodb", "GetItem")
    assert unsigned("DynamoDBStreams_20120810.GetRecords") == ("dynamodb", "GetRecords")
    assert unsigned("GraniteServiceVersion20100801.PutMetricData") == ("monitoring", "PutMetricData")
    assert operation(Request("GET", "/", b"", {})) == (UNKNOWN, "GET /")
