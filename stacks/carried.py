"""What cdk-nag finds in constructs that CDK Pipelines makes by itself, and why it is accepted there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self, cast

from cdk_nag import AwsSolutionsChecks
from constructs import Construct, IConstruct

from stacks import guardrails

# In these rules `{}` stands for what differs from one construct to the next.
# The buckets by which actions of the pipeline hand files to each other.
ARTIFACTS: Mapping[str, str] = {
    "AwsSolutions-S1": (
        "What is in it is made and read by the pipeline, which keeps account of it; a log would need "
        "one more bucket, without a reader."
    ),
}
# Every role of the pipeline: the grants of CDK for the artifacts, and those of CodeBuild for what it reports.
PIPELINE: Mapping[str, str] = {
    "AwsSolutions-IAM5[Action::s3:{}*]": (
        "CDK's grant for the one bucket of the artifacts; each stands for the versions of one call."
    ),
    "AwsSolutions-IAM5[Action::kms:{}*]": (
        "CDK's grant for one key, that of the artifacts; each stands for the variants of one call."
    ),
    "AwsSolutions-IAM5[Resource::<PipelineArtifactsBucket{}.Arn>/*]": (
        "Artifacts have names that CodePipeline makes up, in a bucket that has nothing else."
    ),
    "AwsSolutions-IAM5[Resource::arn:aws:logs:{}:log-group:/aws/codebuild/<{}>:*]": (
        "These are the streams of one log group, that of one build project."
    ),
    "AwsSolutions-IAM5[Resource::arn:aws:codebuild:{}:report-group/<{}>-*]": (
        "CodeBuild begins the names of a project's reports with the project's own."
    ),
}
# The role that the pipeline itself acts with.
PIPELINE_ROLE: Mapping[str, str] = {
    # CDK cuts a long name in the middle, and there an r may go.
    "AwsSolutions-IAM5[Resource::arn:aws:s3:::{}eplicationbucket{}/*]": (
        "Copies of the artifacts in another Region have names that CodePipeline makes up as well."
    ),
    "AwsSolutions-IAM5[Resource::*]": (
        "The key of another Region is in another stack, whose alias no policy can name; its own policy says "
        "who may use it."
    ),
}
# The build that updates the pipeline.
SELF_UPDATE: Mapping[str, str] = {
    "AwsSolutions-IAM5[Resource::arn:*:iam::{}:role/*]": (
        "A condition holds it to the roles of this account that CDK's bootstrap made to deploy and publish."
    ),
    "AwsSolutions-IAM5[Resource::*]": (
        "The CDK CLI looks whether the account was bootstrapped, before it knows in what; it only reads."
    ),
}
# The build that publishes assets, whose role CDK Pipelines shares among such builds.
PUBLISHING: Mapping[str, str] = {
    "AwsSolutions-IAM5[Resource::arn:aws:logs:{}:log-group:/aws/codebuild/*]": (
        "The role is made before the project whose logs it writes; the account has no other builds."
    ),
    "AwsSolutions-IAM5[Resource::arn:aws:codebuild:{}:report-group/*]": (
        "The role is made before the project whose reports it writes; the account has no other builds."
    ),
    "AwsSolutions-IAM5[Resource::*]": (
        "The role is made before the project that it builds with; the account has no other builds."
    ),
}
# What the pipeline's gates look at in the account of a deployment.
LOOKING: Mapping[str, str] = {
    "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudwatch:{}:<AWS::AccountId>:alarm:*]": (
        "Alarms have generated names, and are asked for by how those begin; it only reads."
    ),
    "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudformation:{}:<AWS::AccountId>:stack/{}*/*]": (
        "The stacks of one deployment, whose ARNs end in an id that CloudFormation gives them; it only reads."
    ),
}
# What the pipeline's drill may do in the account of a deployment.
DRILLING: Mapping[str, str] = {
    "AwsSolutions-IAM5[Resource::*]": (
        "IAM takes these actions for `*` alone: they read, or a condition holds them to one namespace of "
        "metrics or one service."
    ),
    "AwsSolutions-IAM5[Resource::arn:aws:{}:{}:experiment{}*]": (
        "Experiments and their templates have ids that FIS makes up; a condition holds it to those that have "
        "the tag of the deployment."
    ),
    "AwsSolutions-IAM5[Resource::arn:aws:lambda:{}:function:*]": (
        "The functions have generated names; a condition holds it to those with the tag of the deployment, "
        "and it only reads."
    ),
}


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What breaks rules in a scope that is complete: the rules, with details, by path of the construct."""

    scope: Construct
    rules: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, scope: Construct) -> Self:
        """Look at everything in a scope as a synthesis will."""
        rules: dict[str, list[str]] = {}
        for violation in AwsSolutionsChecks(scope).validate_scope(scope).violations:
            for resource in violation.violating_resources:
                rules.setdefault(str(resource.construct_path), []).append(violation.rule_name)
        return cls(scope=scope, rules=rules)

    def accept(self, within: IConstruct, reasons: Mapping[str, str]) -> None:
        """Accept what is of a rule here, each exactly where it is within a construct.

        For constructs that CDK makes by itself, whose places and names are its own business.
        """
        begin = f"{within.node.path}/"
        for path, rules in self.rules.items():
            found = {rule: reason for rule in rules if (reason := _reason(rule, reasons))}
            if found and f"{path}/".startswith(begin):
                guardrails.acknowledge(self._at(path), found)

    def _at(self, path: str) -> Construct:
        construct: IConstruct = self.scope
        for id_ in path.removeprefix(f"{self.scope.node.path}/").split("/"):
            construct = construct.node.find_child(id_)
        return cast(Construct, construct)


def _reason(rule: str, reasons: Mapping[str, str]) -> str | None:
    """Why a rule may be broken, None where nothing says so."""
    for pattern, reason in reasons.items():
        if re.fullmatch(re.escape(pattern).replace(r"\{\}", ".+?"), rule):
            return reason
    return None
