"""What an approval is shown of a change."""

from pathlib import Path
from typing import Any

from pipeline.difference import LONGEST_LINE, Difference, difference, one_line, write

QUEUE = {"Type": "AWS::SQS::Queue"}


def template(**resources: object) -> dict[str, Any]:
    return {"Resources": resources}


def changed(before: dict[str, Any], after: dict[str, Any]) -> Difference:
    found = difference("ProdData-Data", before, after)
    assert found is not None
    return found


def test_an_unchanged_stack_is_no_difference() -> None:
    assert difference("ProdData-Data", template(A=QUEUE), template(A=QUEUE)) is None
    assert one_line([]) == "no template changes"


def test_resources_are_told_by_what_becomes_of_them() -> None:
    found = changed(template(A=QUEUE, B=QUEUE), template(A={"Type": "AWS::SNS::Topic"}, C=QUEUE))
    assert (found.added, found.changed, found.removed) == (["C"], ["A"], ["B"])
    assert one_line([found]) == "ProdData-Data loses B; ProdData-Data +1 ~1 -1"


def test_a_stack_that_is_not_there_yet_is_all_new() -> None:
    assert changed({}, template(A=QUEUE, B=QUEUE)).summary == "ProdData-Data +2 ~0 -0"


def test_what_is_no_resource_counts_too() -> None:
    found = changed(template(A=QUEUE), {**template(A=QUEUE), "Outputs": {"Url": {"Value": "a"}}})
    assert found.summary == "ProdData-Data +0 ~0 -0"
    assert any("Url" in line for line in found.lines)


def test_the_line_fits_an_approval_and_what_is_removed_comes_first() -> None:
    many = template(**{f"Resource{number:03}": QUEUE for number in range(100)})
    line = one_line([changed(many, template())])
    assert len(line) == LONGEST_LINE
    assert line.startswith("ProdData-Data loses Resource000, ")


def test_all_lines_are_written(tmp_path: Path) -> None:
    file = tmp_path / "review" / "templates.diff"
    write([changed(template(A=QUEUE), template(A=QUEUE, B=QUEUE))], file)
    assert "# ProdData-Data +1 ~0 -0\n" in file.read_text()
    assert '+  "B": {' in file.read_text()
    write([], file)
    assert file.read_text() == "None.\n"
