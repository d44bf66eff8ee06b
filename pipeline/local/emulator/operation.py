"""Which operation of which AWS service a request asks for, as its protocol says it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

UNKNOWN = "unknown"

Rule = tuple[str, re.Pattern[str], str]

_SCOPE = re.compile(rb"Credential=[^/]+/\d{8}/[^/]+/([^/]+)/aws4_request")
_PRESIGNED = re.compile(rb"X-Amz-Credential=[^&]*(?:/|%2F)([a-z0-9.-]+)(?:/|%2F)aws4_request", re.IGNORECASE)
_QUERY_ACTION = re.compile(rb"(?:^|&)(?:Action|x-id)=([A-Za-z0-9]+)")
_CBOR = re.compile(r"/service/[^/]+/operation/([^/]+)/?")
_VERSION = r"/\d{4}-\d\d-\d\d"
_ID = re.compile(r"/(?!\d{4}-\d\d-\d\d(?:/|$))(?=[^/]*\d)[^/]+")
# By X-Amz-Target where nothing is signed; a stream's requests are signed as the table's are.
_TARGETS = {"DynamoDB": "dynamodb", "DynamoDBStreams": "dynamodb", "GraniteServiceVersion": "monitoring"}


class Operation(NamedTuple):
    """A service by the name with which it signs (`monitoring` is CloudWatch), and the action."""

    service: str
    action: str


class Request(NamedTuple):
    """What of a request tells the operation: header names in lower case."""

    method: str
    path: str
    query: bytes
    headers: Mapping[bytes, bytes]

    @property
    def is_form(self) -> bool:
        """Tell whether its body, a form, names the action: the Query protocol."""
        return b"x-www-form-urlencoded" in self.headers.get(b"content-type", b"")


def operation(request: Request, form: bytes = b"") -> Operation:
    """Return what a request asks for; `form` is the body, or its beginning, of one that `is_form`.

    What is not known by name is told by its method and path, ids left out: `GET /restapis/{id}/stages`.
    """
    service, target = _service(request), request.headers.get(b"x-amz-target", b"").decode("latin-1")
    if "." in target:
        return Operation(service, target.rsplit(".", 1)[-1])
    if named := _QUERY_ACTION.search(form) or _QUERY_ACTION.search(request.query):
        return Operation(service, named[1].decode())
    if cbor := _CBOR.fullmatch(request.path):
        return Operation(service, cbor[1])
    path = request.path.rstrip("/")
    for method, pattern, action in _REST.get(service, ()):
        if method == request.method and pattern.fullmatch(path):
            return Operation(service, action)
    return Operation(service, f"{request.method} {_ID.sub('/{id}', request.path)}")


def _service(request: Request) -> str:
    signed = _SCOPE.search(request.headers.get(b"authorization", b"")) or _PRESIGNED.search(request.query)
    if signed:
        return signed[1].decode("latin-1")
    target = request.headers.get(b"x-amz-target", b"").decode("latin-1")
    prefix = re.split(r"[._]", target)[0].rstrip("0123456789")
    return _TARGETS.get(prefix, prefix or UNKNOWN)


def _rules(prefix: str, rules: Iterable[tuple[str, str, str]]) -> Sequence[Rule]:
    return [
        (method, re.compile(prefix + path.replace("*", "[^/]+")), action) for method, path, action in rules
    ]


_REST: Mapping[str, Sequence[Rule]] = {
    # https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
    "lambda": _rules(
        _VERSION + "/functions",
        [
            ("POST", "/*/invocations", "Invoke"),
            ("POST", "/*/invoke-async", "InvokeAsync"),
            ("POST", "/*/response-streaming-invocations", "InvokeWithResponseStream"),
            ("PUT", "/*/concurrency", "PutFunctionConcurrency"),
            ("GET", "/*/concurrency", "GetFunctionConcurrency"),
            ("DELETE", "/*/concurrency", "DeleteFunctionConcurrency"),
            ("POST", "", "CreateFunction"),
            ("GET", "", "ListFunctions"),
            ("GET", "/*", "GetFunction"),
            ("DELETE", "/*", "DeleteFunction"),
            ("PUT", "/*/code", "UpdateFunctionCode"),
            ("PUT", "/*/configuration", "UpdateFunctionConfiguration"),
            ("GET", "/*/configuration", "GetFunctionConfiguration"),
            ("POST", "/*/versions", "PublishVersion"),
            ("GET", "/*/aliases/*", "GetAlias"),
            ("PUT", "/*/aliases/*", "UpdateAlias"),
        ],
    ),
    # https://docs.aws.amazon.com/Route53/latest/APIReference/API_Operations_Amazon_Route_53.html
    "route53": _rules(
        _VERSION,
        [
            ("POST", "/hostedzone/*/rrset", "ChangeResourceRecordSets"),
            ("GET", "/hostedzone/*/rrset", "ListResourceRecordSets"),
            ("POST", "/hostedzone", "CreateHostedZone"),
            ("GET", "/hostedzone", "ListHostedZones"),
            ("GET", "/hostedzone/*", "GetHostedZone"),
            ("POST", "/healthcheck", "CreateHealthCheck"),
            ("GET", "/healthcheck", "ListHealthChecks"),
            ("GET", "/healthcheck/*", "GetHealthCheck"),
            ("POST", "/healthcheck/*", "UpdateHealthCheck"),
            ("DELETE", "/healthcheck/*", "DeleteHealthCheck"),
            ("GET", "/change/*", "GetChange"),
        ],
    ),
    # https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Operations.html
    "backup": _rules(
        "",
        [
            ("PUT", "/backup-jobs", "StartBackupJob"),
            ("GET", "/backup-jobs", "ListBackupJobs"),
            ("GET", "/backup-jobs/*", "DescribeBackupJob"),
            ("PUT", "/copy-jobs", "StartCopyJob"),
            ("GET", "/copy-jobs", "ListCopyJobs"),
            ("GET", "/copy-jobs/*", "DescribeCopyJob"),
            ("PUT", "/restore-jobs", "StartRestoreJob"),
            ("GET", "/restore-jobs", "ListRestoreJobs"),
            ("GET", "/restore-jobs/*", "DescribeRestoreJob"),
            ("GET", "/restore-jobs/*/metadata", "GetRestoreJobMetadata"),
            ("PUT", "/restore-jobs/*/validations", "PutRestoreValidationResult"),
            ("GET", "/backup-vaults/*", "DescribeBackupVault"),
            ("GET", "/backup-vaults/*/recovery-points", "ListRecoveryPointsByBackupVault"),
            (
                "GET",
                "/backup-vaults/*/recovery-points/.+/restore-metadata",
                "GetRecoveryPointRestoreMetadata",
            ),
            ("GET", "/backup-vaults/*/recovery-points/.+", "DescribeRecoveryPoint"),
            ("DELETE", "/backup-vaults/*/recovery-points/.+", "DeleteRecoveryPoint"),
            ("GET", "/resources/.+/recovery-points", "ListRecoveryPointsByResource"),
            ("GET", "/account-settings", "DescribeRegionSettings"),
            ("PUT", "/account-settings", "UpdateRegionSettings"),
        ],
    ),
    # https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html
    "apigateway": _rules(
        "",
        [
            ("POST", "/restapis", "CreateRestApi"),
            ("GET", "/restapis", "GetRestApis"),
            ("DELETE", "/restapis/*", "DeleteRestApi"),
            ("POST", "/restapis/*/deployments", "CreateDeployment"),
            ("PATCH", "/restapis/*/stages/*", "UpdateStage"),
            ("GET", "/domainnames", "GetDomainNames"),
            ("GET", "/domainnames/*/basepathmappings", "GetBasePathMappings"),
        ],
    ),
}
