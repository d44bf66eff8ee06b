"""Small CloudFormation stacks in a Region's process."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3

from tests.conftest import LoneRegion
from tests.waiting import eventually

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Resources = dict[str, dict[str, Any]]


@cache
def session(region: str) -> boto3.Session:
    """The session for a Region: to make one, and the first client of a service with it, is slow."""
    return boto3.Session("000000000000", "local", region_name=region)


class Stack:
    """A stack of a name of its own, which a test creates, changes and deletes."""

    def __init__(self, region: LoneRegion) -> None:
        self._session = session(region.place.name)
        self._endpoint = region.place.aws_url
        # The emulator knows CloudFormation through boto3's client, of which there are no stubs here.
        self._cloudformation: Any = self._session.client("cloudformation", endpoint_url=self._endpoint)
        self.name = f"stack-{uuid4().hex[:8]}"

    @property
    def dynamodb(self) -> DynamoDBClient:
        return self._session.client("dynamodb", endpoint_url=self._endpoint)

    def client(self, service: str) -> Any:  # noqa: ANN401 - its methods are made at run time
        return self._session.client(service, endpoint_url=self._endpoint)  # type: ignore[call-overload]

    def create(self, resources: Resources, outputs: dict[str, Any] | None = None) -> str:
        """Create the stack, and return the status that it comes to."""
        self.begin(resources, outputs)
        return self._final_status()

    def begin(self, resources: Resources, outputs: dict[str, Any] | None = None) -> None:
        """Begin to create the stack."""
        self._cloudformation.create_stack(StackName=self.name, TemplateBody=_template(resources, outputs))

    def update(self, resources: Resources, outputs: dict[str, Any] | None = None) -> str:
        """Change the stack, and return the status that it comes to."""
        self._cloudformation.update_stack(StackName=self.name, TemplateBody=_template(resources, outputs))
        return self._final_status()

    def delete(self) -> str:
        """Delete the stack, and return the status that it comes to: the last one that is known."""
        self._id = self._describe()["StackId"]
        self._cloudformation.delete_stack(StackName=self.name)
        return self._final_status(self._id)

    def outputs(self) -> dict[str, str]:
        """Return the stack's outputs."""
        return {output["OutputKey"]: output["OutputValue"] for output in self._describe().get("Outputs", [])}

    def reasons(self, stack_id: str | None = None) -> str:
        """Return what the stack's events say went wrong."""
        events = self._cloudformation.describe_stack_events(StackName=stack_id or self.name)["StackEvents"]
        return "\n".join(event.get("ResourceStatusReason", "") for event in events)

    def _final_status(self, stack_id: str | None = None) -> str:
        def ended() -> str:
            status = str(self._describe(stack_id)["StackStatus"])
            return "" if status.endswith("_IN_PROGRESS") else status

        return eventually(ended)

    def _describe(self, stack_id: str | None = None) -> dict[str, Any]:
        return dict(self._cloudformation.describe_stacks(StackName=stack_id or self.name)["Stacks"][0])


def _template(resources: Resources, outputs: dict[str, Any] | None) -> str:
    listed = {name: {"Value": value} for name, value in (outputs or {}).items()}
    return json.dumps({"Resources": resources, "Outputs": listed})
