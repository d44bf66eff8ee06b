"""The names of a Region: each with a certificate of its own, and the records that lead to it."""

from stacks.domain import Domain
from tests.stacks.assembly import Resource
from tests.stacks.constructs.conftest import PlacedApi

GET_ATT = "Fn::GetAtt"


def domain_of(placed: PlacedApi) -> Domain:
    domain = placed.deployment.api.domain
    assert domain
    return domain


def custom_domains(placed: PlacedApi) -> dict[str, tuple[str, Resource]]:
    """The logical id and the properties of each custom domain, by its name."""
    resources = placed.stack.of_type("AWS::ApiGateway::DomainName")
    return {each["Properties"]["DomainName"]: (id_, each["Properties"]) for id_, each in resources.items()}


def test_a_region_answers_under_its_own_name_and_the_shared_one(placed: PlacedApi) -> None:
    domain = domain_of(placed)
    assert set(custom_domains(placed)) == {domain.of_region(placed.region), domain.name}


def test_each_name_speaks_tls_1_2_and_1_3_over_ipv4_and_ipv6(placed: PlacedApi) -> None:
    for _, properties in custom_domains(placed).values():
        assert properties["SecurityPolicy"] == "SecurityPolicy_TLS13_1_2_2021_06"
        assert properties["EndpointAccessMode"] == "STRICT"
        assert properties["EndpointConfiguration"] == {"IpAddressType": "dualstack", "Types": ["REGIONAL"]}
        assert "MutualTlsAuthentication" not in properties  # Route 53 could not check it


def test_the_api_has_the_policy_of_its_names_since_its_own_decides(placed: PlacedApi) -> None:
    api = placed.stack.only("AWS::ApiGateway::RestApi")["Properties"]
    for _, properties in custom_domains(placed).values():
        assert {key: api[key] for key in ("SecurityPolicy", "EndpointAccessMode")} == {
            key: properties[key] for key in ("SecurityPolicy", "EndpointAccessMode")
        }


def test_each_name_has_a_certificate_of_its_own_that_the_zone_proves(placed: PlacedApi) -> None:
    certificates = placed.stack.of_type("AWS::CertificateManager::Certificate")
    assert len(certificates) == 2
    for name, (_, properties) in custom_domains(placed).items():
        certificate = certificates[properties["RegionalCertificateArn"]["Ref"]]["Properties"]
        assert (certificate["DomainName"], certificate["ValidationMethod"]) == (name, "DNS")
        assert certificate["DomainValidationOptions"] == [
            {"DomainName": name, "HostedZoneId": domain_of(placed).hosted_zone_id}
        ]


def test_the_root_of_each_name_is_the_stage(placed: PlacedApi) -> None:
    (api,) = placed.stack.of_type("AWS::ApiGateway::RestApi")
    (stage,) = placed.stack.of_type("AWS::ApiGateway::Stage")
    mappings = [
        each["Properties"] for each in placed.stack.of_type("AWS::ApiGateway::BasePathMapping").values()
    ]
    expected = [
        {"DomainName": {"Ref": id_}, "RestApiId": {"Ref": api}, "Stage": {"Ref": stage}}
        for id_, _ in custom_domains(placed).values()
    ]
    assert sorted(mappings, key=str) == sorted(expected, key=str)


def test_records_of_both_types_lead_to_each_name(placed: PlacedApi) -> None:
    domain, custom = domain_of(placed), custom_domains(placed)
    found = {
        (each["Properties"]["Name"], each["Properties"]["Type"]): each["Properties"]
        for each in placed.stack.of_type("AWS::Route53::RecordSet").values()
    }
    leads = {
        domain.of_region(placed.region): domain.of_region(placed.region),
        domain.origin(placed.region): domain.name,
    }
    assert set(found) == {(record, type_) for record in leads for type_ in ("A", "AAAA")}
    for (record, _), properties in found.items():
        id_, _ = custom[leads[record]]
        assert properties["HostedZoneId"] == domain.hosted_zone_id
        assert properties["AliasTarget"] == {
            "DNSName": {GET_ATT: [id_, "RegionalDomainName"]},
            "HostedZoneId": {GET_ATT: [id_, "RegionalHostedZoneId"]},
            "EvaluateTargetHealth": False,
        }


def test_no_record_of_a_region_is_one_of_the_shared_name(placed: PlacedApi) -> None:
    names = {each["Properties"]["Name"] for each in placed.stack.of_type("AWS::Route53::RecordSet").values()}
    assert domain_of(placed).name not in names


def test_the_name_that_api_gateway_gives_out_is_switched_off(placed: PlacedApi) -> None:
    assert placed.stack.only("AWS::ApiGateway::RestApi")["Properties"]["DisableExecuteApiEndpoint"] is True
