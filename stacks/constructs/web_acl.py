"""What is refused before it reaches the API."""

from collections.abc import Sequence

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

WINDOW_SECONDS = 300
# AWS's own rules, in the order in which they are asked, each with those that only count
# (https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html). They would
# refuse bodies over 8 KB, where the API takes 64 KB and /batch 6 MB; query strings over 2 KB, where a name to
# search for and a cursor are longer; a `.log` in an argument, where an email may have one and no file is
# read; and callers that do not say what they are, where RFC 9110 (section 10.1.5) lets them.
RULE_SETS: dict[str, Sequence[str]] = {
    "AWSManagedRulesCommonRuleSet": (
        "SizeRestrictions_BODY",
        "SizeRestrictions_QUERYSTRING",
        "RestrictedExtensions_QUERYARGUMENTS",
        "NoUserAgent_HEADER",
    ),
    "AWSManagedRulesKnownBadInputsRuleSet": (),
}


class WebAcl(Construct):
    """A web ACL on a stage: how much one address may ask for, and AWS's rules for what is known to be bad.

    What it refuses is answered 403 by API Gateway's response WAF_FILTERED. It reads the first 16 KB of a
    body, and the managed rules look at those and let the rest pass unread
    (https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-setting-body-inspection-limit.html); the
    functions check every byte. Metrics count what each rule did. Neither requests nor samples of them are
    kept, since both hold addresses of callers and paths that name users.
    """

    def __init__(
        self, scope: Construct, id: str, *, requests_per_address: int, stage: apigateway.Stage
    ) -> None:
        super().__init__(scope, id)
        acl = wafv2.CfnWebACL(
            self,
            "Acl",
            scope="REGIONAL",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_counted("WebAcl"),
            rules=[
                _rate(requests_per_address),
                *(_managed(name, order) for order, name in enumerate(RULE_SETS, start=1)),
            ],
        )
        wafv2.CfnWebACLAssociation(
            self, "Association", resource_arn=stage.stage_arn, web_acl_arn=acl.attr_arn
        )


def _rate(limit: int) -> wafv2.CfnWebACL.RuleProperty:
    """Refuse an address, not its neighbours, while it asks for too much."""
    statement = wafv2.CfnWebACL.RateBasedStatementProperty(
        aggregate_key_type="IP", limit=limit, evaluation_window_sec=WINDOW_SECONDS
    )
    return wafv2.CfnWebACL.RuleProperty(
        name="RequestsPerAddress",
        priority=0,
        statement=wafv2.CfnWebACL.StatementProperty(rate_based_statement=statement),
        action=wafv2.CfnWebACL.RuleActionProperty(block={}),
        visibility_config=_counted("RequestsPerAddress"),
    )


def _managed(name: str, priority: int) -> wafv2.CfnWebACL.RuleProperty:
    """Ask a rule set of AWS, and let some of its rules count only."""
    group = wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
        vendor_name="AWS",
        name=name,
        rule_action_overrides=[
            wafv2.CfnWebACL.RuleActionOverrideProperty(
                name=rule, action_to_use=wafv2.CfnWebACL.RuleActionProperty(count={})
            )
            for rule in RULE_SETS[name]
        ],
    )
    return wafv2.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        statement=wafv2.CfnWebACL.StatementProperty(managed_rule_group_statement=group),
        override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
        visibility_config=_counted(name),
    )


def _counted(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    """Count what a rule does, and keep no request."""
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
