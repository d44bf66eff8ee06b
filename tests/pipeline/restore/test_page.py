"""A runbook as Markdown: short words, blocks to copy, nothing for which there is nothing to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pipeline.restore.page import Entry, Section, markdown, sent
from pipeline.runbook import Call

ENTRY = Entry(what="It rains.", who="on call", lines=["rain"], verify="It is wet.", back="Dry it.")
SECTION = Section(title="Rain", when="It is dry.", entries=[ENTRY], not_covered=["Snow."])


def test_a_procedure_says_when_who_what_how_to_see_and_how_to_go_back() -> None:
    assert markdown("Weather", ["Be careful."], [SECTION]) == (
        "# Weather\n\nBe careful.\n\n1. Rain\n\n## Rain\n\n**When.** It is dry.\n\n"
        "### 1. It rains.\n\nWho: on call.\n\n```sh\nrain\n```\n\n"
        "- It worked if: It is wet.\n- To go back: Dry it.\n\n### Not covered\n\n- Snow.\n"
    )


def test_what_is_read_or_typed_before_it_is_a_block_of_its_own() -> None:
    entry = Entry(
        what="It rains.", who="on call", lines=["rain"], more=[["cloud="]], verify="It.", back="No."
    )
    page = markdown("Weather", [], [replace(SECTION, entries=[entry])])
    assert "```sh\nrain\n```\n\n```sh\ncloud=\n```\n\n- It worked" in page


def test_a_step_without_lines_has_no_block() -> None:
    page = markdown("Weather", [], [replace(SECTION, entries=[replace(ENTRY, lines=[])])])
    assert "```" not in page


@pytest.mark.parametrize(
    ("action", "order"), [("UpdateTable", ["update", "wait"]), ("DescribeTable", ["wait", "describe"])]
)
def test_a_table_is_waited_for_after_a_change_and_before_a_look(action: str, order: Sequence[str]) -> None:
    call = Call(
        purpose="see",
        service="dynamodb",
        action=action,
        region="eu-west-1",
        parameters={"TableName": "${RESTORED}"},
    )
    lines = [line for line in sent(call) if not line.startswith("#")]
    assert [line.split()[2].split("-")[0] for line in lines] == order
    assert 'aws dynamodb wait table-exists --region eu-west-1 --table-name "${RESTORED}"' in lines


def test_what_is_to_be_done_before_and_after_and_set_has_its_place() -> None:
    section = Section(
        title="Rain",
        when="It is dry.",
        entries=[ENTRY],
        not_covered=["Snow."],
        before=["Look up."],
        variables=["CLOUD="],
        after=["Look down."],
    )
    page = markdown("Weather", [], [section])
    places = ["Look up.", "CLOUD=", "### 1. It rains.", "### Afterwards", "Look down.", "### Not covered"]
    assert [page.index(place) for place in places] == sorted(page.index(place) for place in places)
