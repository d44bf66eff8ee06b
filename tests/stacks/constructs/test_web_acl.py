"""The web ACL: what it refuses, and what of AWS's rules it only counts."""

from typing import Any
from urllib.parse import urlencode

from lambdas.users.domain.page import Position
from lambdas.users.http.cursor import Listing
from tests.stacks.constructs.conftest import PlacedApi


def rules(placed: PlacedApi) -> dict[str, Any]:
    acl = placed.stack.only("AWS::WAFv2::WebACL")["Properties"]
    return {rule["Name"]: rule for rule in acl["Rules"]}


def test_it_stands_before_the_stage(placed: PlacedApi) -> None:
    association = placed.stack.only("AWS::WAFv2::WebACLAssociation")["Properties"]
    (acl,) = placed.stack.of_type("AWS::WAFv2::WebACL")
    (stage,) = placed.stack.of_type("AWS::ApiGateway::Stage")
    (api,) = placed.stack.of_type("AWS::ApiGateway::RestApi")
    assert association["WebACLArn"] == {"Fn::GetAtt": [acl, "Arn"]}
    assert association["ResourceArn"]["Fn::Join"][1] == [
        f"arn:aws:apigateway:{placed.region}::/restapis/",
        {"Ref": api},
        "/stages/",
        {"Ref": stage},
    ]


def test_it_lets_through_what_no_rule_refuses(placed: PlacedApi) -> None:
    acl = placed.stack.only("AWS::WAFv2::WebACL")["Properties"]
    assert (acl["Scope"], acl["DefaultAction"]) == ("REGIONAL", {"Allow": {}})


def test_an_address_may_send_what_the_deployment_says_in_five_minutes(placed: PlacedApi) -> None:
    rule = rules(placed)["RequestsPerAddress"]
    assert rule["Action"] == {"Block": {}}
    assert rule["Statement"]["RateBasedStatement"] == {
        "AggregateKeyType": "IP",
        "EvaluationWindowSec": 300,
        "Limit": placed.deployment.api.requests_per_address,
    }


def test_aws_rules_are_asked_after_the_rate_and_refuse_by_themselves(placed: PlacedApi) -> None:
    found = sorted(rules(placed).values(), key=lambda rule: int(rule["Priority"]))
    assert [rule["Name"] for rule in found] == [
        "RequestsPerAddress",
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
    ]
    for rule in found[1:]:
        assert rule["Statement"]["ManagedRuleGroupStatement"]["VendorName"] == "AWS"
        assert rule["OverrideAction"] == {"None": {}}


def test_only_what_the_contract_allows_is_counted_and_not_refused(placed: PlacedApi) -> None:
    counted = {
        name: [
            override["Name"]
            for override in rule["Statement"]["ManagedRuleGroupStatement"]["RuleActionOverrides"]
            if override["ActionToUse"] == {"Count": {}}
        ]
        for name, rule in rules(placed).items()
        if "ManagedRuleGroupStatement" in rule["Statement"]
    }
    assert counted == {
        "AWSManagedRulesCommonRuleSet": [
            "SizeRestrictions_BODY",
            "SizeRestrictions_QUERYSTRING",
            "RestrictedExtensions_QUERYARGUMENTS",
            "NoUserAgent_HEADER",
        ],
        "AWSManagedRulesKnownBadInputsRuleSet": [],
    }


def test_the_longest_page_of_a_search_has_a_longer_query_than_the_common_rules_take() -> None:
    name = "名" * 200  # as long as a name can be
    listing = Listing(operation="search", parameters=(name,))
    cursor = listing.cursor(Position(value=name, user_id="u" * 128))
    assert len(urlencode({"operation": "search", "q": name, "cursor": cursor})) > 2048


def test_it_counts_and_keeps_no_request(placed: PlacedApi) -> None:
    acl = placed.stack.only("AWS::WAFv2::WebACL")["Properties"]
    for each in (acl, *rules(placed).values()):
        assert each["VisibilityConfig"]["CloudWatchMetricsEnabled"] is True
        assert each["VisibilityConfig"]["SampledRequestsEnabled"] is False
    assert placed.stack.of_type("AWS::WAFv2::LoggingConfiguration") == {}
