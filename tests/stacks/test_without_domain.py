"""A deployment without a domain: each Region by itself, and everything else as with one."""

from dataclasses import replace

import aws_cdk as cdk
import pytest

import app
from pipeline.config import LOCAL
from pipeline.stage import RegionStage, deployment_stages
from stacks import guardrails
from tests.stacks import assembly as assemblies
from tests.stacks.assembly import Assembly, Stack

NAMED = {
    "AWS::ApiGateway::BasePathMapping",
    "AWS::ApiGateway::DomainName",
    "AWS::CertificateManager::Certificate",
    "AWS::Route53::HealthCheck",
    "AWS::Route53::RecordSet",
}


NAMELESS = replace(LOCAL, api=replace(LOCAL.api, domain=None))


@pytest.fixture(scope="module")
def nameless(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    outdir = tmp_path_factory.mktemp("nameless")
    scope = cdk.App(outdir=str(outdir), context=app.CONTEXT, analytics_reporting=False)
    region, peer = NAMELESS.primary_region, NAMELESS.secondary_region
    stage = RegionStage(scope, "LocalPrimary", deployment=NAMELESS, region=region, peer_region=peer)
    guardrails.tag(stage, deployment=NAMELESS.name)
    guardrails.enforce(scope, deployments=[])
    scope.synth()
    return assemblies.read(outdir)


@pytest.fixture
def api(nameless: Assembly) -> Stack:
    return nameless.stacks["LocalPrimary-Api"]


def test_nothing_has_a_name_of_ours(nameless: Assembly) -> None:
    types = {
        each["Type"] for stack in nameless.stacks.values() for each in stack.template["Resources"].values()
    }
    assert types & NAMED == set()


def test_nothing_leads_to_a_region_and_nothing_stops_one(nameless: Assembly) -> None:
    stages = deployment_stages(cdk.App(), NAMELESS)
    assert [stage.node.id for stage in stages] == ["LocalData", "LocalSecondary", "LocalPrimary"]
    assert {stack.path for stack in nameless.stacks.values()} == {
        f"LocalPrimary/{stack}" for stack in ("Api", "Backup", "Events", "Observability", "Experiments")
    }


def test_it_is_reached_by_the_name_that_api_gateway_gives_it(api: Stack) -> None:
    assert api.only("AWS::ApiGateway::RestApi")["Properties"]["DisableExecuteApiEndpoint"] is False
    assert list(api.template["Outputs"]) == ["ApiEndpoint"]


def test_everything_else_is_there(api: Stack, assembly: Assembly) -> None:
    hashed = "AWS::ApiGateway::Deployment"  # its id tells the settings of the API
    with_domain = assembly.stacks["LocalPrimary-Api"].template["Resources"].items()
    expected = {id_ for id_, each in with_domain if each["Type"] not in {*NAMED, hashed}}
    assert {id_ for id_, each in api.template["Resources"].items() if each["Type"] != hashed} == expected


def test_a_version_has_one_id_as_long_as_its_function_does_not_change(api: Stack, assembly: Assembly) -> None:
    again = assembly.stacks["LocalPrimary-Api"]
    assert set(api.of_type("AWS::Lambda::Version")) == set(again.of_type("AWS::Lambda::Version"))
    assert len(api.of_type("AWS::Lambda::Version")) == 3
