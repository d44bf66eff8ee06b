"""What this machine does not do as AWS does is said, and nothing that we deploy is passed over."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.local import emulation
from pipeline.local.assembly import stacks, stacks_of, stacks_of_no_stage, synthesize
from pipeline.local.emulation import Gap, gaps
from pipeline.local.layout import Layout
from pipeline.local.platform import environment

REGIONAL = ("Api", "Events", "Observability", "Backup", "Switch", "Experiments")


def template(type_: str, **properties: Any) -> dict[str, Any]:  # noqa: ANN401 - as templates have them
    return {"Resources": {"One": {"Type": type_, "Properties": properties}}}


def test_a_type_that_is_emulated_is_no_gap() -> None:
    assert (
        gaps([template("AWS::Lambda::Permission"), {"Resources": {"N": {"Type": "AWS::Lambda::Permission"}}}])
        == []
    )


def test_a_type_that_is_only_stored_says_how() -> None:
    (gap,) = gaps([template("AWS::IAM::Role")])
    assert gap == Gap(what="AWS::IAM::Role", how="stored, not run: not enforced, every call is allowed")


def test_a_property_that_is_only_stored_says_how() -> None:
    (gap,) = gaps([template("AWS::Lambda::Function", MemorySize=1024, Handler="x")])
    assert (gap.what, gap.how) == (
        "Lambda::Function.MemorySize",
        "stored, not run: functions are not limited",
    )


def test_an_attribute_beside_the_properties_is_reviewed_too() -> None:
    alias = {"Type": "AWS::Lambda::Alias", "UpdatePolicy": {"CodeDeployLambdaAliasUpdate": {}}}
    (gap,) = gaps([{"Resources": {"Live": alias}}])
    assert gap.what == "Lambda::Alias.UpdatePolicy"
    assert gap.how.startswith("stored, not run: the alias moves at once")


def test_an_alarm_on_what_aws_measures_is_without_data_and_one_on_our_own_signal_is_not() -> None:
    (gap,) = gaps([template("AWS::CloudWatch::Alarm", Namespace="AWS/Lambda", MetricName="Errors")])
    assert gap.what == "CloudWatch::Alarm on AWS/Lambda Errors"
    assert gap.how.startswith("stored, not run: this machine has no such metric")
    assert gaps([template("AWS::CloudWatch::Alarm", Namespace="UsersRouting", MetricName="Stop")]) == []


@pytest.mark.parametrize("what", [*emulation.STORED.items(), *emulation.STORED_PROPERTIES.items()], ids=str)
def test_what_does_not_run_is_called_stored_not_run(what: tuple[object, str]) -> None:
    assert "stored, not run: " in what[1] or what[0] in {
        ("AWS::ApiGateway::BasePathMapping", "DomainName"),
        ("AWS::CloudWatch::Alarm", "EvaluationPeriods"),
        ("AWS::DynamoDB::GlobalTable", "TimeToLiveSpecification"),
        ("AWS::Lambda::Version", "DeletionPolicy"),
        ("AWS::Route53::HealthCheck", "HealthCheckConfig"),
    }


def test_a_type_that_nobody_reviewed_is_called_so() -> None:
    (gap,) = gaps([template("AWS::Nobody::Reviewed")])
    assert (gap.what, gap.how) == ("AWS::Nobody::Reviewed", "not reviewed: nobody has compared it with AWS")


def test_each_gap_is_said_once_in_the_order_of_names() -> None:
    found = gaps([template("AWS::Nobody::Reviewed"), template("AWS::IAM::Role"), template("AWS::IAM::Role")])
    assert [gap.what for gap in found] == ["AWS::IAM::Role", "AWS::Nobody::Reviewed"]


def test_a_type_is_reviewed_in_one_way_only() -> None:
    kinds = [emulation.EMULATED, emulation.EMULATED_WITH_GAPS, frozenset(emulation.STORED)]
    assert sum(map(len, kinds)) == len(frozenset.union(*kinds))


def test_properties_are_reviewed_of_types_that_are_emulated() -> None:
    types = {type_ for type_, _ in emulation.STORED_PROPERTIES}
    assert types <= emulation.EMULATED | emulation.EMULATED_WITH_GAPS


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    layout = Layout(state=tmp_path_factory.mktemp("synthesis"))
    synthesize(layout, environment())
    return layout


def test_every_type_that_is_deployed_here_is_reviewed(layout: Layout) -> None:
    places = [*stacks(layout.assembly), *stacks_of_no_stage(layout.assembly)]
    templates = [stack.template for stack in places]
    assert [gap.what for gap in gaps(templates) if "not reviewed" in gap.how] == []
    deployed = {resource["Type"] for template in templates for resource in template["Resources"].values()}
    reviewed = emulation.EMULATED | emulation.EMULATED_WITH_GAPS | frozenset(emulation.STORED)
    assert reviewed - deployed == set()


def test_the_synthesis_is_read_in_the_order_of_its_stages(layout: Layout) -> None:
    local = layout.deployment
    assert [(stack.stage, stack.name, stack.region) for stack in stacks_of(layout)] == [
        ("LocalData", "LocalData-Data", local.primary_region),
        *[("LocalSecondary", f"LocalSecondary-{name}", local.secondary_region) for name in REGIONAL],
        *[("LocalPrimary", f"LocalPrimary-{name}", local.primary_region) for name in REGIONAL],
        ("LocalRouting", "LocalRouting-Routing", local.primary_region),
    ]
    assert [(stack.name, stack.region) for stack in stacks_of_no_stage(layout.assembly)] == [
        ("LocalPipeline", local.primary_region),
        ("LocalPipeline-support-eu-central-1", local.secondary_region),
    ]
