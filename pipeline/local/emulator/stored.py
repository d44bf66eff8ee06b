"""Resource types that the emulator does not know, kept as data so that a stack with them deploys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import uuid4

from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import provisioners

Properties = Mapping[str, Any]

# Each with the attributes that Fn::GetAtt can ask of it, beside Ref.
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "AWS::Backup::BackupSelection": ("Id", "SelectionId", "BackupPlanId"),
    "AWS::Backup::RestoreTestingPlan": ("RestoreTestingPlanArn",),
    "AWS::Backup::RestoreTestingSelection": (),
    "AWS::CodeDeploy::Application": (),
    "AWS::CodeDeploy::DeploymentGroup": (),
    "AWS::CodePipeline::Pipeline": ("Version",),
    "AWS::FIS::ExperimentTemplate": ("Id",),
    "AWS::SSM::Document": (),
    "AWS::WAFv2::LoggingConfiguration": (),
    "AWS::WAFv2::WebACLAssociation": (),
}

# The property that is the physical id where a template chooses it.
NAMES = {
    "AWS::Backup::RestoreTestingPlan": "RestoreTestingPlanName",
    "AWS::Backup::RestoreTestingSelection": "RestoreTestingSelectionName",
    "AWS::CodeDeploy::Application": "ApplicationName",
    "AWS::CodeDeploy::DeploymentGroup": "DeploymentGroupName",
}


# What the ARN of a type ends with, before its physical id, where an attribute is that ARN.
ARNS = {"AWS::Backup::RestoreTestingPlan": "backup:{region}:{account}:restore-testing-plan"}


class Stored(NamedTuple):
    """A resource type of which the emulator keeps no more than that it is there."""

    attributes: tuple[str, ...]
    name: str | None = None
    arn: str | None = None

    def create(self, logical_id: str, properties: Properties, _stack: str) -> tuple[str, dict[str, str]]:
        """Return a physical id, which is also the value of every attribute but an ARN."""
        physical_id = str(properties.get(self.name or "") or f"{logical_id}-{uuid4().hex[:12]}")
        return physical_id, self._values(physical_id)

    def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str
    ) -> tuple[str, dict[str, str]]:
        """Return the same again, or another one where the template chooses another name."""
        if self.name and old.get(self.name) != new.get(self.name):
            return self.create(physical_id, new, stack)
        return physical_id, self._values(physical_id)

    def delete(self, _physical_id: str, _properties: Properties) -> None:
        """Forget it: there is nothing but the stack's own record."""

    def _values(self, physical_id: str) -> dict[str, str]:
        if self.arn is None:
            return dict.fromkeys(self.attributes, physical_id)
        prefix = self.arn.format(region=get_region(), account=get_account_id())
        return dict.fromkeys(self.attributes, f"arn:aws:{prefix}:{physical_id}")


def register() -> list[str]:
    """Teach CloudFormation here the types that it lacks, and return them.

    A type that the emulator has learnt by itself since is left to it.
    """
    added = [name for name in ATTRIBUTES if name not in provisioners._RESOURCE_HANDLERS]
    for name in added:
        stored = Stored(ATTRIBUTES[name], NAMES.get(name), ARNS.get(name))
        provisioners._RESOURCE_HANDLERS[name] = {
            "create": stored.create,
            "update": stored.update,
            "delete": stored.delete,
        }
    return added
