"""What holds state keeps its logical id: under another one CloudFormation would make it anew, and empty."""

from collections.abc import Mapping, Sequence

import pytest

from pipeline.config import DEPLOYMENTS, Deployment
from tests.stacks.assembly import Assembly, Template

# By stack and type: rows, logs, messages and keys; positions and signals; and names and ids that others know.
HELD: Mapping[str, Mapping[str, Sequence[str]]] = {
    "Data": {"AWS::DynamoDB::GlobalTable": ["UsersTable695FA693"]},
    "Api": {
        "AWS::ApiGateway::DomainName": ["DomainOwnDomainName608BDBE0", "DomainSharedDomainName80168480"],
        "AWS::ApiGateway::RestApi": ["UsersApiRestApi0BE38423"],
        "AWS::CertificateManager::Certificate": [
            "DomainOwnCertificateFFBAAB5C",
            "DomainSharedCertificate57DDBD39",
        ],
        "AWS::Logs::LogGroup": [
            "BatchFunctionLogsLogGroup5C1AC3C8",
            "CrudFunctionLogsLogGroupD2297A95",
            "QueryFunctionLogsLogGroup7F822F11",
            "UsersApiAccessLogsLogGroup6CB2B2E1",
        ],
        "AWS::Route53::RecordSet": [
            "DomainOwnAAAARecordE19C8C33",
            "DomainOwnARecord850D54F4",
            "DomainSharedAAAARecord252ECD60",
            "DomainSharedARecordF710700C",
        ],
    },
    "Events": {
        "AWS::Events::EventBus": ["BusEA82B648"],
        "AWS::Lambda::EventSourceMapping": ["StreamSourceMappingB6814105"],
        "AWS::Logs::LogGroup": [
            "StreamFunctionLogsLogGroup05B6C704",
            "TableStreamLookupLogsLogGroup016087C6",
        ],
        "AWS::SQS::Queue": ["DeadLettersQueue631681B1"],
    },
    "Observability": {"AWS::KMS::Key": ["AlarmTopicKeyBA1A4AA7"], "AWS::SNS::Topic": ["AlarmTopicC2164170"]},
    "Backup": {
        "AWS::Backup::BackupVault": ["Vault645BC77C"],
        "AWS::KMS::Key": ["VaultKeyCB88EF1A"],
        "AWS::Logs::LogGroup": [
            "OptInSetterLogsLogGroup8F30102B",
            "ReplayerFunctionLogsLogGroupC6BC96FD",
            "ValidatorFunctionLogsLogGroupD2A50DD8",
            "WatchFunctionLogsLogGroup6C771453",
        ],
    },
    "Experiments": {"AWS::Logs::LogGroup": ["LogsLogGroupF3C6ECB9"]},
    "Switch": {"AWS::CloudWatch::Alarm": ["StopSwitchAlarm442ED3D3"]},
    "Routing": {
        "AWS::Route53::HealthCheck": [
            "PrimaryHealthBoth25D92631",
            "PrimaryHealthEndpoint1883AF54",
            "PrimaryHealthSwitchB977C6D6",
            "SecondaryHealthBothB7E62ED0",
            "SecondaryHealthEndpoint623ACBC3",
            "SecondaryHealthSwitchB469426B",
        ],
        "AWS::Route53::RecordSet": [
            "PrimaryRecordA7A6B2FAC",
            "PrimaryRecordAAAA44883BAE",
            "SecondaryRecordA196C4C7E",
            "SecondaryRecordAAAA0533A3F4",
        ],
    },
}
# What can be made anew without a loss; also the alarms that only tell, since they read their metrics again.
REMADE = {
    "AWS::ApiGateway::Account",
    "AWS::ApiGateway::BasePathMapping",
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::GatewayResponse",
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::Model",
    "AWS::ApiGateway::RequestValidator",
    "AWS::ApiGateway::Resource",
    "AWS::ApiGateway::Stage",
    "AWS::Backup::BackupPlan",
    "AWS::Backup::BackupSelection",
    "AWS::Backup::RestoreTestingPlan",
    "AWS::Backup::RestoreTestingSelection",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::CodeDeploy::Application",
    "AWS::CodeDeploy::DeploymentGroup",
    "AWS::Events::Rule",
    "AWS::FIS::ExperimentTemplate",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::Lambda::Alias",
    "AWS::Lambda::Function",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Version",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::SSM::Document",
    "AWS::WAFv2::WebACL",
    "AWS::WAFv2::WebACLAssociation",
    "Custom::BackupOptIn",
    "Custom::TableStream",
}


def faults(stack: str, template: Template) -> list[str]:
    """A sentence for each thing that is pinned and gone, and for each that holds state and is not pinned."""
    pinned = {id_: type_ for type_, ids in HELD[stack].items() for id_ in ids}
    found = {id_: resource["Type"] for id_, resource in template["Resources"].items()}
    missing = [f"{id_} of {type_} is gone." for id_, type_ in pinned.items() if found.get(id_) != type_]
    held = [
        f"{id_} of {type_} is new."
        for id_, type_ in found.items()
        if pinned.get(id_) != type_ and (type_ in HELD[stack] or type_ not in REMADE)
    ]
    return missing + held


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: str(deployment.name))
def test_what_holds_state_keeps_its_logical_id_in_every_region(
    assembly: Assembly, deployment: Deployment
) -> None:
    stacks = [stack for stack in assembly.stacks.values() if stack.path.startswith(deployment.name.title())]
    optional = set() if deployment.drills else {"Experiments"}
    assert {stack.path.partition("/")[2] for stack in stacks} == set(HELD) - optional
    assert {stack.path: faults(stack.path.partition("/")[2], stack.template) for stack in stacks} == {
        stack.path: [] for stack in stacks
    }


@pytest.mark.parametrize(
    ("resources", "found"),
    [
        ({"StopSwitchAlarm442ED3D3": "AWS::CloudWatch::Alarm"}, []),
        ({"Another": "AWS::CloudWatch::Alarm"}, ["is gone", "Another of AWS::CloudWatch::Alarm is new."]),
        ({"StopSwitchAlarm442ED3D3": "AWS::CloudWatch::Alarm", "Role": "AWS::IAM::Role"}, []),
        (
            {"StopSwitchAlarm442ED3D3": "AWS::CloudWatch::Alarm", "Files": "AWS::S3::Bucket"},
            ["Files of AWS::S3::Bucket is new."],
        ),
        ({"StopSwitchAlarm442ED3D3": "AWS::SSM::Parameter"}, ["is gone", "Parameter is new"]),
    ],
)
def test_a_new_id_and_a_type_that_nobody_judged_would_be_found(
    resources: Mapping[str, str], found: Sequence[str]
) -> None:
    told = faults("Switch", {"Resources": {id_: {"Type": type_} for id_, type_ in resources.items()}})
    assert len(told) == len(found)
    assert all(what in sentence for what, sentence in zip(found, told, strict=True))
