"""What a custom resource tells CloudFormation, which waits for it."""

import json
import urllib.request
from collections.abc import Mapping
from typing import Any

Request = Mapping[str, Any]


def send(request: Request, outcome: Mapping[str, object]) -> None:
    """Put the answer to a request where CloudFormation waits for it; `outcome` has at least a `Status`.

    See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html.
    """
    same = ("StackId", "RequestId", "LogicalResourceId")
    known = {"PhysicalResourceId": request.get("PhysicalResourceId", "none")}
    answer = {**known, **{name: request[name] for name in same}, **outcome}
    put = urllib.request.Request(  # noqa: S310 - CloudFormation's own address, which it signed
        request["ResponseURL"],
        data=json.dumps(answer).encode(),
        headers={"Content-Type": ""},  # the signature covers an empty one
        method="PUT",
    )
    with urllib.request.urlopen(put, timeout=10):  # noqa: S310 - as above
        pass
