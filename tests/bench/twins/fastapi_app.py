"""The twin that most teams would write: FastAPI with `def` routes, Mangum, and boto3's table resource."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from boto3.dynamodb.conditions import Key
from fastapi import FastAPI, HTTPException, Request, Response
from mangum import Mangum
from pydantic import BaseModel

logger = Logger(location=None, utc=True, use_rfc3339=True)
table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
app = FastAPI()


class User(BaseModel):
    """A user as clients see it."""

    user_id: str
    timestamp: str
    name: str
    email: str
    age: int
    phone: str | None = None
    address: str | None = None
    created_at: str
    updated_at: str
    version: int


class UserAnswer(BaseModel):
    """The answer for one user."""

    user: User


class History(BaseModel):
    """The answer for the versions of one user."""

    user_id: str
    versions: list[User]
    version_count: int
    query_type: str = "User History Query"


@app.middleware("http")
async def log(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Write the one line of a request."""
    began = time.perf_counter()
    response = await call_next(request)
    route = request.scope.get("route")
    logger.info(
        "request",
        extra={
            "request_id": request.scope["aws.event"]["requestContext"]["requestId"],
            "route": getattr(route, "path", ""),
            "method": request.method,
            "status": response.status_code,
            "duration_ms": round((time.perf_counter() - began) * 1000, 3),
            "region": os.environ["AWS_REGION"],
        },
    )
    return response


def _user(item: dict[str, Any], at: str) -> User:
    return User(**{**item, "timestamp": at})


@app.get("/users/{user_id}", response_model_exclude_none=True)
def read(user_id: str, response: Response) -> UserAnswer:
    """Return one user."""
    answer = table.get_item(Key={"user_id": user_id, "timestamp": "CURRENT"}, ConsistentRead=True)
    if "Item" not in answer:
        raise HTTPException(404, "User not found")
    item: Any = answer["Item"]
    response.headers["ETag"] = f'"{item["version_id"]}"'
    response.headers["X-Region"] = os.environ["AWS_REGION"]
    return UserAnswer(user=_user(item, item["updated_at"]))


@app.get("/query", response_model_exclude_none=True)
def query(operation: str, user_id: str, limit: int = 50) -> History:
    """Return the versions of one user."""
    if operation != "query_user_history":
        raise HTTPException(400, "Invalid operation")
    found: Any = table.query(
        KeyConditionExpression=Key("user_id").eq(user_id), ScanIndexForward=False, Limit=limit + 1
    )["Items"]
    versions = []
    for item in found:
        at = item["timestamp"].partition("#")[0]
        if at != "CURRENT":
            versions.append(
                _user({**item, **item["profile"], "updated_at": at, "version": int(item["version"])}, at)
            )
    return History(user_id=user_id, versions=versions[:limit], version_count=len(versions[:limit]))


handler = Mangum(app, lifespan="off")
