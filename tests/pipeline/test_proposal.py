"""What a pull request is told of the templates."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.config import BETA
from pipeline.difference import difference
from pipeline.local.layout import Layout
from pipeline.proposal import CUT, LONGEST_COMMENT, NONE, app, comment, differences
from tests.pipeline.local.cloud import Assembly

QUEUE, TOPIC = {"Type": "AWS::SQS::Queue"}, {"Type": "AWS::SNS::Topic"}


def assembly(folder: Path, **stacks: dict[str, object]) -> Path:
    written = Assembly(Layout(state=folder))
    for stage, resources in stacks.items():
        written.add(stage, BETA.primary_region, Resources=resources)
    return Layout(state=folder).assembly


def test_stacks_are_compared_by_name_whether_they_are_new_or_gone(tmp_path: Path) -> None:
    before = assembly(tmp_path / "before", BetaData={"A": QUEUE}, BetaOld={"A": QUEUE}, BetaSame={"A": QUEUE})
    after = assembly(tmp_path / "after", BetaData={"A": TOPIC}, BetaNew={"A": QUEUE}, BetaSame={"A": QUEUE})
    assert [each.summary for each in differences(before, after)] == [
        "BetaData-Stack +0 ~1 -0",
        "BetaNew-Stack +1 ~0 -0",
        "BetaOld-Stack +0 ~0 -1",
    ]


def test_an_assembly_that_is_not_there_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="There is no stack in"):
        list(differences(tmp_path, assembly(tmp_path / "after", BetaData={"A": QUEUE})))


def test_a_comment_says_what_becomes_of_resources() -> None:
    found = difference("BetaData", {"Resources": {"A": QUEUE, "B": QUEUE}}, {"Resources": {"A": TOPIC}})
    assert found is not None
    assert comment([found]).splitlines()[-1] == "| BetaData |  | `A` | `B` |"
    assert comment([]).splitlines()[-1] == NONE


def test_a_comment_is_never_longer_than_github_takes() -> None:
    resources: dict[str, object] = {f"Resource{number:04}": QUEUE for number in range(1000)}
    each = [difference(f"Stack{number}", {}, {"Resources": resources}) for number in range(10)]
    said = comment([found for found in each if found])
    assert LONGEST_COMMENT // 2 < len(said) <= LONGEST_COMMENT
    assert said.splitlines()[-1] == CUT


def test_the_command_writes_the_comment_and_every_line(tmp_path: Path) -> None:
    before = assembly(tmp_path / "before", BetaData={"A": QUEUE})
    after = assembly(tmp_path / "after", BetaData={"A": TOPIC})
    to = tmp_path / "difference"
    assert CliRunner().invoke(app, [str(before), str(after), "--to", str(to)]).exit_code == 0
    assert "`A`" in (to / "comment.md").read_text()
    assert '+   "Type": "AWS::SNS::Topic"' in (to / "templates.diff").read_text()
