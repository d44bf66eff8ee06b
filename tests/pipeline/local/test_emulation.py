"""What this machine does not do as AWS does is said, and nothing that we deploy is passed over."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.local import emulation
from pipeline.local.assembly import stacks, synthesize
from pipeline.local.emulation import Gap, gaps
from pipeline.local.layout import Layout
from pipeline.local.platform import environment


def template(type_: str, **properties: Any) -> dict[str, Any]:  # noqa: ANN401 - as templates have them
    return {"Resources": {"One": {"Type": type_, "Properties": properties}}}


def test_a_type_that_is_emulated_is_no_gap() -> None:
    assert (
        gaps([template("AWS::Lambda::Permission"), {"Resources": {"N": {"Type": "AWS::Lambda::Permission"}}}])
        == []
    )


def test_a_type_that_is_only_stored_says_how() -> None:
    (gap,) = gaps([template("AWS::IAM::Role")])
    assert gap == Gap(what="AWS::IAM::Role", how="stored, not enforced: every call is allowed")


def test_a_property_that_is_only_stored_says_how() -> None:
    (gap,) = gaps([template("AWS::Lambda::Function", MemorySize=1024, Handler="x")])
    assert (gap.what, gap.how) == ("Lambda::Function.MemorySize", "stored; functions are not limited")


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
    templates = [stack.template for stack in stacks(layout.assembly)]
    assert [gap.what for gap in gaps(templates) if "not reviewed" in gap.how] == []
    deployed = {resource["Type"] for template in templates for resource in template["Resources"].values()}
    reviewed = emulation.EMULATED | emulation.EMULATED_WITH_GAPS | frozenset(emulation.STORED)
    assert reviewed - deployed == set()


def test_the_synthesis_is_read_in_the_order_of_its_stages(layout: Layout) -> None:
    local = layout.deployment
    assert [(stack.stage, stack.name, stack.region) for stack in stacks(layout.assembly)] == [
        ("LocalData", "LocalData-Data", local.primary_region),
        ("LocalSecondary", "LocalSecondary-Api", local.secondary_region),
        ("LocalSecondary", "LocalSecondary-Events", local.secondary_region),
        ("LocalPrimary", "LocalPrimary-Api", local.primary_region),
        ("LocalPrimary", "LocalPrimary-Events", local.primary_region),
    ]
