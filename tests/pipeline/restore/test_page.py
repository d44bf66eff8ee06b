"""A runbook as Markdown: short words, blocks to copy, nothing for which there is nothing to say."""

from __future__ import annotations

from pipeline.restore.page import Entry, Section, markdown

ENTRY = Entry(what="It rains.", who="on call", lines=["rain"], verify="It is wet.", back="Dry it.")
SECTION = Section(title="Rain", when="It is dry.", entries=[ENTRY], not_covered=["Snow."])


def test_a_procedure_says_when_who_what_how_to_see_and_how_to_go_back() -> None:
    assert markdown("Weather", ["Be careful."], [SECTION]) == (
        "# Weather\n\nBe careful.\n\n1. Rain\n\n## Rain\n\n**When.** It is dry.\n\n"
        "### 1. It rains.\n\nWho: on call.\n\n```sh\nrain\n```\n\n"
        "- It worked if: It is wet.\n- To go back: Dry it.\n\n### Not covered\n\n- Snow.\n"
    )


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
