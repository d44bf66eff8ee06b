"""Whatever text goes into an image, it is well-formed and says who it is."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest

from pipeline.drill.report.drawing import figure, label, node, number, rect


@pytest.mark.parametrize("text", ["<script>x</script>", "a & b", '"quoted"', "\x00\ud800"])
def test_text_is_escaped(text: str) -> None:
    drawing = figure("one", text, text, (10, 5), [label("a", 1, 2, text), rect(text, 0, 0, 1, 1, tip=text)])
    image = fromstring(drawing)  # noqa: S314  # our own
    assert {child.tag for child in image.iter()} == {"svg", "title", "desc", "text", "rect"}
    assert "<script" not in drawing


def test_an_image_is_named_for_a_screen_reader() -> None:
    image = fromstring(figure("one", "A title", "What it shows.", (10, 5), []))  # noqa: S314  # our own
    assert image.get("aria-labelledby") == "one-title one-desc"
    assert [(child.get("id"), child.text) for child in image] == [
        ("one-title", "A title"),
        ("one-desc", "What it shows."),
    ]


def test_names_of_attributes_are_those_of_svg() -> None:
    made = node("text", class_="a", text_anchor="end", x=1.04, viewBox="0")
    assert made.attrib == {"class": "a", "text-anchor": "end", "x": "1", "viewBox": "0"}


def test_coordinates_are_short() -> None:
    assert [number(value) for value in (1, 1.26, 100.0, -0.5)] == ["1", "1.3", "100", "-0.5"]
