"""Text from outside is clean and bounded."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, fromstring, tostring

from hypothesis import given
from hypothesis import strategies as st

from pipeline.drill.report.printable import Bounded, printable


@given(st.text(alphabet=st.characters()))
def test_whatever_comes_in_is_fit_for_xml(text: str) -> None:
    element = Element("a")
    element.text = printable(text)
    read = fromstring(tostring(element, encoding="unicode"))  # noqa: S314  # our own
    assert (read.text or "") == re.sub("\r\n?", "\n", element.text)  # as XML reads the ends of lines


def test_what_xml_forbids_is_replaced() -> None:
    assert printable("a\x00b\x1b\ud800c\n") == "a\ufffdb\ufffd\ufffdc\n"


def test_a_text_is_cut_to_its_bound() -> None:
    assert printable("x" * 10, most=10) == "x" * 10
    assert printable("x" * 11, most=10) == "x" * 9 + "…"
    assert len(printable("x" * 100_000)) == 600


def test_rows_are_bounded_and_counted() -> None:
    bounded = Bounded.of(range(1_000), most=3)
    assert (list(bounded.rows), bounded.count, bounded.more) == ([0, 1, 2], 1_000, 997)
    assert Bounded.of([1]).more == 0
