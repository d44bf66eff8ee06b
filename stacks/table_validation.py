"""Holds each synthesis to the tables that were released."""

import json
from collections.abc import Sequence
from pathlib import Path

import aws_cdk as cdk
import jsii

from stacks.released_tables import RELEASED, read
from stacks.table_changes import Refusal, refusals
from stacks.tables import TableStack, tables_of

FIRST_RELEASE = "If nothing of this deployment was ever released, remove stacks/released/{deployment}.json."


@jsii.implements(cdk.IPolicyValidationPlugin)
class ReleasedTables:
    """Refuses a synthesis whose tables cannot follow the released ones, and says what to do instead.

    `deployments` are those that the app has: a released stack of theirs that the app no longer has counts as
    one without tables. A refusal is fatal, so that no acknowledgement lets it pass.
    """

    def __init__(self, deployments: Sequence[str], *, folder: Path = RELEASED) -> None:
        self._deployments = deployments
        self._folder = folder

    @property
    def name(self) -> str:
        """What a report calls the check."""
        return "Released tables"

    @property
    def version(self) -> str:
        """The version of the check, which CDK asks for."""
        return "1.0.0"

    @property
    def rule_ids(self) -> list[str]:
        """The rules, for analytics that nobody collects."""
        return []

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Compare each stack with the released one; a violation for each refusal."""
        found = {stack.stack_construct_path.replace("/", "-"): stack for stack in context.stack_templates}
        violations = []
        for deployment in self._deployments:
            for name, released in read(deployment, folder=self._folder).items():
                stack = found.get(name)
                violations += [
                    _violation(refusal, deployment, name, stack)
                    for refusal in refusals(released, _proposed(stack, otherwise=released))
                ]
        return cdk.PolicyValidationPluginReport(success=not violations, violations=violations)


def _proposed(stack: cdk.PolicyValidationStack | None, *, otherwise: TableStack) -> TableStack:
    """The tables of a stack that was just synthesized, or those of none."""
    if stack is None:
        return TableStack(region=otherwise.region, tables={})
    template = json.loads(Path(stack.template_path).read_text())
    return TableStack(region=stack.region or otherwise.region, tables=tables_of(template))


def _violation(
    refusal: Refusal, deployment: str, stack_name: str, stack: cdk.PolicyValidationStack | None
) -> cdk.PolicyViolation:
    resource = cdk.PolicyViolatingResource(
        locations=[], construct_path=stack.stack_construct_path if stack else stack_name
    )
    return cdk.PolicyViolation(
        rule_name=refusal.rule,
        description=refusal.what,
        fix=f"{refusal.instead} {FIRST_RELEASE.format(deployment=deployment)}",
        severity="fatal",
        violating_resources=[resource],
    )
