"""What a GET through the front door costs, beside the emulator's own floor: a function that logs one line."""

from __future__ import annotations

import io
import json
import zipfile
from uuid import uuid4

import boto3
import httpx

from pipeline.local.layout import RegionPlace
from tests.bench.figure import Figure, interleaved_medians
from tests.e2e.platform import Platform

FLOOR = """
def handler(event, context):
    print('{"message": "one line"}')
    return {"statusCode": 200, "body": "{}"}
"""


def measure(platform: Platform) -> Figure:
    """Read one user again and again through the front door, in turns with the floor."""
    user_id = uuid4().hex
    user = {"user_id": user_id, "name": "Measured", "email": f"{user_id}@example.com"}
    with httpx.Client(timeout=20) as client:
        client.post(f"{platform.layout.url}/users", json=user).raise_for_status()
        floor = _deploy_floor(platform.layout.primary)
        urls = [f"{platform.layout.url}/users/{user_id}", floor]
        calls = [lambda url=url: client.get(url).raise_for_status() for url in urls]
        through_door, at_floor = interleaved_medians(calls, rounds=300, warm_up=20)
    made_of = f"medians {through_door * 1e3:.1f} ms and {at_floor * 1e3:.1f} ms"
    return Figure(
        name="GET through the front door / emulator's floor",
        value=through_door / at_floor,
        unit=" times",
        most=1.5,
        made_of=made_of,
    )


def _deploy_floor(region: RegionPlace) -> str:
    session = boto3.Session("000000000000", "local", region_name=region.name)
    functions = session.client("lambda", endpoint_url=region.aws_url)
    gateway = session.client("apigateway", endpoint_url=region.aws_url)
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("floor.py", FLOOR)
    function = functions.create_function(
        FunctionName=f"floor-{uuid4().hex[:8]}",
        Runtime="python3.13",
        Role="arn:aws:iam::000000000000:role/floor",
        Handler="floor.handler",
        Code={"ZipFile": code.getvalue()},
    )
    api = gateway.create_rest_api(name=json.dumps("floor"))["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    gateway.put_method(restApiId=api, resourceId=root, httpMethod="ANY", authorizationType="NONE")
    gateway.put_integration(
        restApiId=api,
        resourceId=root,
        httpMethod="ANY",
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:{region.name}:lambda:path/2015-03-31/functions/{function['FunctionArn']}/invocations",
    )
    gateway.create_deployment(restApiId=api, stageName="live")
    return f"{region.aws_url}/restapis/{api}/live/_user_request_/"
