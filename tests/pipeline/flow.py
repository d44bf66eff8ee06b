"""What lets a commit pass a pipeline too early, or leaves it somewhere too long."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.delivery import Pipeline
from tests.pipeline.pipelines import Stages, order, stage_of, titles

ROLL_OUT = (
    "Hold",
    "(Access|Data)",
    "Access.{0}Table",
    "Secondary",
    "Secondary.{0}SecondarySmoke",
    "Secondary.{0}SecondaryBake",
    "Primary",
    "Primary.{0}PrimarySmoke",
    "Primary.{0}PrimaryBake",
    "Routing",
    "Drill",
    "Release",
)
GATES = ("Hold", "Drill", "Release")
NEVER_ROLLED_BACK = ("Source", "Approval")


def expected(pipeline: Pipeline) -> list[str]:
    """The stages that a pipeline must have, in their order."""
    found = ["Source", "Build", "UpdatePipeline", "Assets"]
    for wave in pipeline.waves:
        title = wave.name.title()
        found += [f"{title}Approval", title] if wave.approved else [title]
    return found


def faults(stages: Stages, pipeline: Pipeline) -> Iterator[str]:
    """A phrase for each thing that is not in its place."""
    names = [stage["Name"] for stage in stages]
    if names != expected(pipeline):
        yield f"the order of stages: {', '.join(names)}"
    for stage in stages:
        rolled_back = stage.get("OnFailure") == {"Result": "ROLLBACK"}
        if rolled_back is stage["Name"].endswith(NEVER_ROLLED_BACK):
            yield f"the rollback of {stage['Name']}"
        if stage["Name"] == "Assets" and len(stage["Actions"]) != 1:
            yield "assets side by side"
        if stage["Name"] in titles(pipeline):
            yield from disorder(stage)
    yield from unchecked(stages, pipeline)
    yield from ungated(stages, pipeline)


def unchecked(stages: Stages, pipeline: Pipeline) -> Iterator[str]:
    """The checks that do not end before the app is synthesized."""
    orders = {each["Name"]: order(each) for each in stage_of(stages, "Build")["Actions"]}
    for check in pipeline.checks:
        if orders.get(check.name, orders["Synth"]) >= orders["Synth"]:
            yield f"Synth without {check.name}"


def ungated(stages: Stages, pipeline: Pipeline) -> Iterator[str]:
    """The waves that lack the drill or the approval that they are to have."""
    for wave in pipeline.waves:
        title = wave.name.title()
        drilled = [
            stage["Name"] for stage in stages for a in stage["Actions"] if a["Name"] == f"{title}Drill"
        ]
        if drilled != ([title] if wave.drill else []):
            yield f"{title} without its drill"
        asked = [a for stage in stages if stage["Name"] == f"{title}Approval" for a in stage["Actions"]]
        if wave.approved and (not asked or max(asked, key=order)["ActionTypeId"]["Category"] != "Approval"):
            yield f"{title} without an approval"


def disorder(stage: Mapping[str, Any]) -> Iterator[str]:
    """The parts of a wave that do not begin after the one before them has ended."""
    name, ended = stage["Name"], 0
    for part in ROLL_OUT:
        deploys = r"\.\w+\.(Prepare|Deploy)" if re.fullmatch(r"\(?\w+(\|\w+\))?", part) else ""
        pattern = f"{name}{part.format(name)}" + ("" if part in GATES else deploys)
        orders = [order(each) for each in stage["Actions"] if re.fullmatch(pattern, each["Name"])]
        if not orders and part not in GATES:
            yield f"{name} without {part.format(name)}"
        if orders and min(orders) <= ended:
            yield f"{name} {part.format(name)} too early"
        ended = max([*orders, ended])
