"""DynamoDB without a network: botocore builds, signs, sends to this, and parses what it gives back."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast
from unittest import mock

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.httpsession import URLLib3Session

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "000000000000",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "TABLE_NAME": "users",
    "HISTORY_RETENTION_DAYS": "30",
    "POWERTOOLS_SERVICE_NAME": "users",
    "POWERTOOLS_METRICS_NAMESPACE": "Users",
}

Answers = Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]]


class _Body:
    """The raw body of an answer."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_options: object) -> Iterator[bytes]:
        """Yield the content whole."""
        yield self._content


@contextmanager
def stubbed(answers: Answers, *, latency_s: float = 0.0) -> Iterator[None]:
    """Answer every request that this process sends inside the block, by its operation."""

    def send(_session: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
        target = request.headers["X-Amz-Target"]
        operation = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
        if latency_s:
            time.sleep(latency_s)
        content = json.dumps(answers[operation](json.loads(cast(bytes, request.body)))).encode()
        headers = HTTPHeaders.from_dict(
            {"Content-Type": "application/x-amz-json-1.0", "Content-Length": str(len(content))}
        )
        return AWSResponse(request.url, 200, headers, _Body(content))

    with mock.patch.dict(os.environ, ENVIRONMENT), mock.patch.object(URLLib3Session, "send", send):
        yield
