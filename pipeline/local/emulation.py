"""How far this machine does what the templates ask for: every resource type that we deploy, reviewed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Types that do here what they do on AWS, as far as the users API needs it.
EMULATED = frozenset(
    {
        "AWS::ApiGateway::BasePathMapping",
        "AWS::ApiGateway::Deployment",
        "AWS::ApiGateway::GatewayResponse",
        "AWS::ApiGateway::Method",
        "AWS::ApiGateway::Resource",
        "AWS::ApiGateway::RestApi",
        "AWS::Backup::BackupVault",
        "AWS::CloudWatch::CompositeAlarm",
        "AWS::DynamoDB::GlobalTable",
        "AWS::Events::EventBus",
        "AWS::Lambda::Alias",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::Function",
        "AWS::Lambda::Permission",
        "AWS::Lambda::Version",
        "AWS::Route53::HealthCheck",
        "AWS::Route53::RecordSet",
        "AWS::SNS::Topic",
        "AWS::SQS::Queue",
        "Custom::BackupOptIn",
        "Custom::TableStream",
    }
)

# Types that are deployed, and what of them is only stored.
STORED = {
    "AWS::ApiGateway::Account": "stored, not run: nothing is logged through it",
    "AWS::ApiGateway::Model": "stored, not run: the functions validate",
    "AWS::ApiGateway::RequestValidator": (
        "stored, not run: it passes every body on, and the functions validate"
    ),
    "AWS::Backup::BackupPlan": "stored, not run: nothing starts its jobs, a call of StartBackupJob does",
    "AWS::Backup::BackupSelection": "stored, not run: no plan backs anything up",
    "AWS::Backup::RestoreTestingPlan": "stored, not run: nothing tests a restore, the restore drill does",
    "AWS::Backup::RestoreTestingSelection": "stored, not run: no plan tests a restore",
    "AWS::CertificateManager::Certificate": "stored, not run: issued unasked, and nothing here speaks TLS",
    "AWS::CloudWatch::Dashboard": "stored, not run: nothing draws it",
    "AWS::CodeDeploy::Application": "stored, not run: a release has no canary",
    "AWS::CodeDeploy::DeploymentGroup": "stored, not run: no alarm rolls a release back",
    "AWS::CodeBuild::Project": (
        "stored, not run: a shell of this machine does its commands, without image, role or key"
    ),
    "AWS::CodePipeline::Pipeline": (
        "stored, not run: the runner here performs it when its repository is pushed to, and knows no calls"
    ),
    "AWS::Events::Rule": (
        "its schedule runs, and it is told of jobs of AWS Backup; the rest is stored, not run: nothing here "
        "tells it of the pipeline, `make status` measures"
    ),
    "AWS::FIS::ExperimentTemplate": "stored, not run: drills here break this machine's processes themselves",
    "AWS::IAM::Policy": "stored, not run: not enforced, every call is allowed",
    "AWS::IAM::Role": "stored, not run: not enforced, every call is allowed",
    "AWS::KMS::Alias": "stored, not run: nothing is encrypted with its key",
    "AWS::KMS::Key": "stored, not run: nothing is encrypted with it",
    "AWS::Logs::LogGroup": "functions write to it; its retention is stored, not run: nothing expires",
    "AWS::S3::Bucket": "stored, not run: artifacts of the pipeline are files of this machine",
    "AWS::S3::BucketPolicy": "stored, not run: not enforced, every call is allowed",
    "AWS::SNS::TopicPolicy": "stored, not run: not enforced, every call is allowed",
    "AWS::SQS::QueuePolicy": "stored, not run: not enforced, every call is allowed",
    "AWS::SSM::Document": "stored, not run: drills here stop functions themselves",
    "AWS::WAFv2::WebACL": "stored, not run: no request is inspected, counted or blocked",
    "AWS::WAFv2::WebACLAssociation": "stored, not run: no request is inspected, counted or blocked",
}

# Properties of types above, and attributes beside them, that are only stored.
STORED_PROPERTIES = {
    ("AWS::ApiGateway::BasePathMapping", "DomainName"): (
        "the emulator answers by it, but for /health, which is its own; the front door asks the API by its id"
    ),
    ("AWS::ApiGateway::DomainName", "EndpointAccessMode"): "stored, not run: nothing here speaks TLS",
    ("AWS::ApiGateway::DomainName", "RegionalCertificateArn"): "stored, not run: nothing here speaks TLS",
    ("AWS::ApiGateway::DomainName", "SecurityPolicy"): "stored, not run: nothing here speaks TLS",
    ("AWS::ApiGateway::RestApi", "DisableExecuteApiEndpoint"): (
        "stored, not run: the API answers below its own id too"
    ),
    ("AWS::ApiGateway::RestApi", "EndpointAccessMode"): "stored, not run: nothing here speaks TLS",
    ("AWS::ApiGateway::RestApi", "SecurityPolicy"): "stored, not run: nothing here speaks TLS",
    ("AWS::ApiGateway::Stage", "AccessLogSetting"): "stored, not run: no access log is written",
    ("AWS::ApiGateway::Stage", "MethodSettings"): "stored, not run: nobody is throttled",
    ("AWS::ApiGateway::Stage", "TracingEnabled"): "stored, not run: nothing is traced",
    ("AWS::Backup::BackupVault", "AccessPolicy"): (
        "what it denies to everybody is refused; the rest is stored, not run: every other call is allowed"
    ),
    ("AWS::Backup::BackupVault", "EncryptionKeyArn"): "stored, not run: recovery points are not encrypted",
    ("AWS::Backup::BackupVault", "LockConfiguration"): (
        "holds deletions off; what a retention ends with is stored, not run: no recovery point expires"
    ),
    ("AWS::Backup::BackupVault", "Notifications"): "stored, not run: no topic is told, EventBridge is",
    ("AWS::CloudWatch::Alarm", "EvaluationPeriods"): (
        "evaluated when data come or somebody asks, the present period too; AWS does it every minute"
    ),
    ("AWS::CloudWatch::Alarm", "Metrics"): (
        "stored, not run: no expression is calculated, so its alarm is without data"
    ),
    ("AWS::DynamoDB::GlobalTable", "SSESpecification"): "stored, not run: the journal is not encrypted",
    ("AWS::DynamoDB::GlobalTable", "TimeToLiveSpecification"): (
        "rows expire, but their stream records do not say that DynamoDB removed them"
    ),
    (
        "AWS::Lambda::Alias",
        "UpdatePolicy",
    ): "stored, not run: the alias moves at once, with all of the traffic",
    ("AWS::Lambda::EventSourceMapping", "ParallelizationFactor"): (
        "stored, not run: a stream has one shard and one reader"
    ),
    ("AWS::Lambda::Function", "Architectures"): (
        "stored, not run: functions run on this machine's own processor"
    ),
    ("AWS::Lambda::Function", "DeadLetterConfig"): "stored, not run: nothing invokes it",
    ("AWS::Lambda::Function", "MemorySize"): "stored, not run: functions are not limited",
    ("AWS::Lambda::Function", "Runtime"): "stored, not run: functions run on the emulator's Python",
    ("AWS::Lambda::Function", "TracingConfig"): "stored, not run: nothing is traced",
    (
        "AWS::Lambda::Version",
        "DeletionPolicy",
    ): "three versions are retained beside those of aliases, not all",
    ("AWS::Route53::HealthCheck", "HealthCheckConfig"): (
        "run by the DNS here: one checker, over plain HTTP, without CloudWatch metrics of its own"
    ),
    ("AWS::SNS::Topic", "KmsMasterKeyId"): "stored, not run: messages are not encrypted",
    ("AWS::SQS::Queue", "SqsManagedSseEnabled"): "stored, not run: messages are not encrypted",
}

ALARM = "AWS::CloudWatch::Alarm"
EMULATED_WITH_GAPS = frozenset({"AWS::ApiGateway::DomainName", "AWS::ApiGateway::Stage", ALARM})


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A type or `type.property` of the templates that is not as on AWS here, and how it is."""

    what: str
    how: str


def gaps(templates: Iterable[Mapping[str, Any]]) -> Sequence[Gap]:
    """Return what of these templates is not as on AWS here, a type that nobody has reviewed included."""
    found: dict[str, str] = {}
    for template in templates:
        for resource in template["Resources"].values():
            found.update(_gaps_of(resource))
    return [Gap(what=what, how=how) for what, how in sorted(found.items())]


def _gaps_of(resource: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    name = resource["Type"]
    if name in STORED:
        yield name, STORED[name]
    elif name not in EMULATED | EMULATED_WITH_GAPS:
        yield name, "not reviewed: nobody has compared it with AWS"
    properties = resource.get("Properties", {})
    for key in (*resource, *properties):
        if (name, key) in STORED_PROPERTIES:
            yield f"{name.removeprefix('AWS::')}.{key}", STORED_PROPERTIES[name, key]
    if name == ALARM and str(properties.get("Namespace")).startswith("AWS/"):
        what = f"CloudWatch::Alarm on {properties['Namespace']} {properties['MetricName']}"
        yield what, "stored, not run: this machine has no such metric, so its alarm is without data"
