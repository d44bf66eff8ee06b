"""Runs in the emulator's own environment: what requests are answered that name a table being created.

Reads a list of `[operation, request]` from its input, and prints a list of `[status, error code, message]`.
There are two tables, `whole` and `unfinished`, of which the latter is being created.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import dynamodb

from pipeline.local.emulator.dispatch import CREATING, Dispatch

KEY = {
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}


async def answered(dispatch: Dispatch, operation: str, request: object) -> list[Any]:
    body = request if isinstance(request, str) else json.dumps(request)
    headers = {"x-amz-target": f"DynamoDB_20120810.{operation}"}
    status, _, content = await dispatch.serve("POST", "/", headers, body.encode(), {})
    answer = json.loads(content)
    return [status, answer.get("__type", ""), answer.get("message", "")]


async def main() -> None:
    with request_scope("000000000000", "eu-west-1"):
        for name in ("whole", "unfinished"):
            dynamodb._create_table({"TableName": name, **KEY})
        dynamodb._tables["unfinished"]["TableStatus"] = CREATING
        dispatch = Dispatch("eu-west-1")
        answers = [await answered(dispatch, *asked) for asked in json.load(sys.stdin)]
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    asyncio.run(main())
