"""The twin that tutorials write: one function with `if` branches, `json`, and boto3's table resource."""

from __future__ import annotations

import json
import os
import time
from decimal import Decimal
from typing import Any

import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
PROFILE = ("name", "email", "age", "phone", "address")


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value)
    raise TypeError(type(value).__name__)


def _answer(status: int, body: object) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "X-Region": os.environ["AWS_REGION"]}
    return {"statusCode": status, "headers": headers, "body": json.dumps(body, default=_plain)}


def _user(item: dict[str, Any], profile: dict[str, Any], at: str) -> dict[str, Any]:
    user = {"user_id": item["user_id"], "timestamp": at, "updated_at": at}
    user.update({name: profile[name] for name in PROFILE if name in profile})
    user.update({"created_at": item["created_at"], "version": item["version"]})
    return user


def _read(user_id: str) -> dict[str, Any]:
    answer = table.get_item(Key={"user_id": user_id, "timestamp": "CURRENT"}, ConsistentRead=True)
    if "Item" not in answer:
        return _answer(404, {"error": "User not found"})
    item: Any = answer["Item"]
    return _answer(200, {"user": _user(item, item, item["updated_at"])})


def _history(user_id: str, limit: int) -> dict[str, Any]:
    found: Any = table.query(
        KeyConditionExpression=Key("user_id").eq(user_id), ScanIndexForward=False, Limit=limit + 1
    )["Items"]
    rows = [item for item in found if item["timestamp"] != "CURRENT"][:limit]
    versions = [_user(item, item["profile"], item["timestamp"].partition("#")[0]) for item in rows]
    body = {"user_id": user_id, "versions": versions, "version_count": len(versions)}
    return _answer(200, {**body, "query_type": "User History Query"})


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda passes it
    """Serve an API Gateway event."""
    began = time.perf_counter()
    query = event.get("queryStringParameters") or {}
    if event["resource"] == "/users/{user_id}" and event["httpMethod"] == "GET":
        answer = _read(event["pathParameters"]["user_id"])
    elif query.get("operation") == "query_user_history":
        answer = _history(query["user_id"], int(query.get("limit", 50)))
    else:
        answer = _answer(400, {"error": "Invalid operation"})
    line = {
        "level": "INFO",
        "message": "request",
        "request_id": event["requestContext"]["requestId"],
        "route": event["resource"],
        "method": event["httpMethod"],
        "status": answer["statusCode"],
        "duration_ms": round((time.perf_counter() - began) * 1000, 3),
        "region": os.environ["AWS_REGION"],
    }
    print(json.dumps(line))  # noqa: T201 - what it logs
    return answer
