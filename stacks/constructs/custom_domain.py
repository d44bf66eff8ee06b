"""A name of our own before the API of one Region."""

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53
from constructs import Construct

from stacks.tls_policy import ACCESS_MODE, TLS_1_2_AND_1_3

# A custom domain answers over IPv4 and IPv6, so each name has a record for both.
RECORD_TYPES = ("A", "AAAA")


class CustomDomain(Construct):
    """A name that API Gateway answers here, with its certificate, and the records that lead to it.

    `record` is what DNS calls the domain: the name itself, or another one where the name is a failover record
    that may lead elsewhere. The certificate is proven by records in the zone, which ACM renews by itself.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        record: str,
        zone: route53.IHostedZone,
        stage: apigateway.Stage,
    ) -> None:
        super().__init__(scope, id)
        certificate = acm.Certificate(
            self, "Certificate", domain_name=name, validation=acm.CertificateValidation.from_dns(zone)
        )
        domain = apigateway.CfnDomainName(
            self,
            "DomainName",
            domain_name=name,
            regional_certificate_arn=certificate.certificate_arn,
            endpoint_configuration=apigateway.CfnDomainName.EndpointConfigurationProperty(
                types=["REGIONAL"], ip_address_type="dualstack"
            ),
            security_policy=TLS_1_2_AND_1_3,
            endpoint_access_mode=ACCESS_MODE,
        )
        apigateway.CfnBasePathMapping(
            self,
            "Mapping",
            domain_name=domain.ref,
            rest_api_id=stage.rest_api.rest_api_id,
            stage=stage.stage_name,
        )
        for type_ in RECORD_TYPES:
            route53.CfnRecordSet(
                self,
                f"{type_}Record",
                hosted_zone_id=zone.hosted_zone_id,
                name=record,
                type=type_,
                alias_target=route53.CfnRecordSet.AliasTargetProperty(
                    dns_name=domain.attr_regional_domain_name,
                    hosted_zone_id=domain.attr_regional_hosted_zone_id,
                    evaluate_target_health=False,  # such a target has no health to evaluate
                ),
            )
