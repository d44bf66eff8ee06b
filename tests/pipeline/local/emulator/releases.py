"""A function that is released again and again, and what leads to it."""

from __future__ import annotations

from typing import Any

import httpx
import psutil

from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.clouds import Stack

CODE = """
from botocore.session import get_session

def handler(event, context):
    dynamo = get_session().create_client("dynamodb")
    for record in event.get("Records", []):
        key = {{"id": {{"S": "seen by {answer}"}}, "at": record["dynamodb"]["Keys"]["at"]}}
        if not record["dynamodb"]["Keys"]["id"]["S"].startswith("seen"):
            dynamo.put_item(TableName="{table}", Item=key)
    return {{"statusCode": 200, "body": "{answer}"}}
"""
KEY = (("id", "HASH"), ("at", "RANGE"))


class Release:
    """A stack of a function with a version, its alias, an API and a stream that lead to it."""

    def __init__(self, region: LoneRegion) -> None:
        self.stack = Stack(region)
        self._region = region
        self.followed: dict[str, Any] = {"Ref": "Live"}

    def resources(self, number: int) -> dict[str, dict[str, Any]]:
        """The `number`th release: its version has a name of its own, as the CDK gives it."""
        return {
            "Table": self._table(),
            "Function": self._function(f"release {number}"),
            f"Version{number}": self._version(),
            "Live": self._alias(f"Version{number}"),
            "Permission": self._permission(),
            "Mapping": self._mapping(),
            **self._api(),
        }

    def deploy(self, number: int) -> None:
        outputs = {name: {"Ref": name} for name in ("Function", "Api", "Live")}
        change = self.stack.create if number == 1 else self.stack.update
        assert change(self.resources(number), outputs).endswith("_COMPLETE"), self.stack.reasons()
        assert "ROLLBACK" not in self.stack.reasons()

    def answer(self) -> str:
        api = self.stack.outputs()["Api"]
        url = f"{self._region.place.aws_url}/restapis/{api}/live/_user_request_/"
        return httpx.get(url, timeout=20, trust_env=False).text

    def versions(self) -> list[str]:
        name = self.stack.outputs()["Function"]
        found = self.stack.client("lambda").list_versions_by_function(FunctionName=name)["Versions"]
        return [version["Version"] for version in found if version["Version"] != "$LATEST"]

    def alias(self) -> dict[str, Any]:
        name = self.stack.outputs()["Function"]
        return dict(self.stack.client("lambda").get_alias(FunctionName=name, Name="live"))

    def workers(self) -> list[int]:
        process = self._region.service.process
        assert process is not None
        return [
            child.pid for child in process.children(recursive=True) if child.status() != psutil.STATUS_ZOMBIE
        ]

    def write(self, id_: str) -> None:
        item = {"id": {"S": id_}, "at": {"S": id_}}
        self.stack.dynamodb.put_item(TableName=self.stack.name, Item=item)

    def seen(self, number: int, id_: str) -> bool:
        key = {"id": {"S": f"seen by release {number}"}, "at": {"S": id_}}
        return "Item" in self.stack.dynamodb.get_item(TableName=self.stack.name, Key=key)

    def _table(self) -> dict[str, Any]:
        return {
            "Type": "AWS::DynamoDB::GlobalTable",
            "Properties": {
                "TableName": self.stack.name,
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": n, "AttributeType": "S"} for n, _ in KEY],
                "KeySchema": [{"AttributeName": n, "KeyType": kind} for n, kind in KEY],
                "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
                "Replicas": [{"Region": self._region.place.name}],
            },
        }

    def _function(self, answer: str) -> dict[str, Any]:
        return {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.12",
                "Role": "arn:aws:iam::000000000000:role/any",
                "Handler": "index.handler",
                "Code": {"ZipFile": CODE.format(answer=answer, table=self.stack.name)},
                "Tags": [],
            },
        }

    def _version(self) -> dict[str, Any]:
        properties = {"FunctionName": {"Ref": "Function"}}
        return {"Type": "AWS::Lambda::Version", "Properties": properties, "DeletionPolicy": "Retain"}

    def _alias(self, version: str) -> dict[str, Any]:
        number = {"Fn::GetAtt": [version, "Version"]}
        groups = {"ApplicationName": "any", "DeploymentGroupName": "any"}
        return {
            "Type": "AWS::Lambda::Alias",
            "Properties": {"FunctionName": {"Ref": "Function"}, "FunctionVersion": number, "Name": "live"},
            "UpdatePolicy": {"CodeDeployLambdaAliasUpdate": groups},
        }

    def _permission(self) -> dict[str, Any]:
        properties = {
            "FunctionName": {"Ref": "Live"},
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
        }
        return {"Type": "AWS::Lambda::Permission", "Properties": properties}

    def _mapping(self) -> dict[str, Any]:
        properties = {
            "FunctionName": self.followed,
            "EventSourceArn": {"Fn::GetAtt": ["Table", "StreamArn"]},
            "StartingPosition": "TRIM_HORIZON",
            "BatchSize": 10,
        }
        return {"Type": "AWS::Lambda::EventSourceMapping", "Properties": properties}

    def _api(self) -> dict[str, dict[str, Any]]:
        path = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Live}/invocations"
        integration = {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": {"Fn::Sub": path}}
        api = {"RestApiId": {"Ref": "Api"}}
        root = {"Fn::GetAtt": ["Api", "RootResourceId"]}
        method = {"HttpMethod": "GET", "AuthorizationType": "NONE", "Integration": integration}
        stage = {"StageName": "live", "DeploymentId": {"Ref": "Deployment"}}
        return {
            "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": self.stack.name}},
            "Get": {"Type": "AWS::ApiGateway::Method", "Properties": {**api, **method, "ResourceId": root}},
            "Deployment": {"Type": "AWS::ApiGateway::Deployment", "Properties": api, "DependsOn": "Get"},
            "Stage": {"Type": "AWS::ApiGateway::Stage", "Properties": {**api, **stage}},
        }
