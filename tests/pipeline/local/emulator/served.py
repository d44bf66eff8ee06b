"""An API whose function, which it invokes by an alias, writes a line into the file that a request names."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from tests.pipeline.local.emulator.clouds import Resources, Stack

CODE = """
def handler(event, context):
    with open(event["queryStringParameters"]["file"], "a") as file:
        file.write(event["queryStringParameters"]["line"] + "\\n")
    return {"statusCode": 200, "body": "written"}
"""


def resources(name: str) -> Resources:
    uri = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Live}/invocations"
    integration = {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": {"Fn::Sub": uri}}
    api, root = {"Ref": "Api"}, {"Fn::GetAtt": ["Api", "RootResourceId"]}
    function: dict[str, Any] = {
        "FunctionName": name,
        "Handler": "index.handler",
        "Runtime": "python3.12",
        "Role": "arn:aws:iam::000000000000:role/none",
        "Code": {"ZipFile": CODE},
    }
    method = {
        "RestApiId": api,
        "ResourceId": root,
        "HttpMethod": "ANY",
        "AuthorizationType": "NONE",
        "Integration": integration,
    }
    return {
        "Function": {"Type": "AWS::Lambda::Function", "Properties": function},
        "Version": {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "Function"}}},
        "Live": {
            "Type": "AWS::Lambda::Alias",
            "Properties": {
                "Name": "live",
                "FunctionName": {"Ref": "Function"},
                "FunctionVersion": {"Fn::GetAtt": ["Version", "Version"]},
            },
        },
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": name}},
        "Method": {"Type": "AWS::ApiGateway::Method", "Properties": method},
        "Deployment": {
            "Type": "AWS::ApiGateway::Deployment",
            "DependsOn": "Method",
            "Properties": {"RestApiId": api, "StageName": "live"},
        },
    }


class WritingApi:
    """The deployed API, below a Region's endpoint."""

    def __init__(self, stack: Stack, endpoint: str) -> None:
        self.function = f"{stack.name}-writer"
        status = stack.create(resources(self.function), {"Id": {"Ref": "Api"}})
        assert status == "CREATE_COMPLETE", stack.reasons()
        self._url = f"{endpoint}/restapis/{stack.outputs()['Id']}/live/_user_request_/"

    def url(self, file: object, line: str) -> str:
        return f"{self._url}?file={quote(str(file))}&line={line}"
