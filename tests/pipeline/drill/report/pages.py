"""Reads a page as a browser would, and says what is wrong with how it is built."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, ParseError, fromstring

VOID = frozenset({"meta", "br", "link", "img", "hr", "input"})
LOADS = frozenset({"src", "href", "xlink:href", "srcset", "data", "poster", "action"})
_STYLE_LOADS = re.compile(r"@import|url\((?!#)")


class Page(HTMLParser):
    """A page's tags, ids and text; `faults` are sentences."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.ids: list[str] = []
        self.faults: list[str] = []
        self._open: list[str] = []
        self._text: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self._open]
        self.faults += [f"the id {one} is there twice" for one in set(self.ids) if self.ids.count(one) > 1]

    @property
    def text(self) -> str:
        """What can be read, with single spaces."""
        return " ".join(" ".join(self._text).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = self._note(tag, attrs)
        if tag == "script":
            self.faults.append("there is a script")
        if tag not in VOID and "/" not in values:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes what is not open")

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            self.faults += [f"a style loads: {found}" for found in _STYLE_LOADS.findall(data)]
        else:
            self._text.append(data)

    def _note(self, tag: str, attrs: list[tuple[str, str | None]]) -> dict[str, str]:
        values = {name: value or "" for name, value in attrs}
        self.tags.append((tag, values))
        self.ids += [values["id"]] if "id" in values else []
        for name, value in values.items():
            if name in LOADS and not (tag == "a" and value.startswith("./")):
                self.faults.append(f"<{tag}> refers to {value}")
            if name.startswith("on"):
                self.faults.append(f"<{tag}> has a script in {name}")
        return values


def images(html: str) -> Sequence[Element]:
    """Return every image of a page; raises ParseError for one that is not well-formed."""
    return [fromstring(text) for text in re.findall(r"<svg.*?</svg>", html, re.DOTALL)]  # noqa: S314  # our own


def faults(html: str) -> Sequence[str]:
    """Return what is wrong with a page."""
    return [*Page(html).faults, *_faults_of_images(html)]


def _faults_of_images(html: str) -> Iterator[str]:
    try:
        found = images(html)
    except ParseError as error:
        yield f"an image is not well-formed: {error}"
        return
    for image in found:
        labels = {child.get("id"): child.text for child in image if child.tag in ("title", "desc")}
        named = (image.get("aria-labelledby") or "").split()
        if image.get("role") != "img" or not named or not all(labels.get(name) for name in named):
            yield "an image says nothing to a screen reader"


def paths(image: Element, style: str) -> Sequence[str]:
    """Return what the paths of a class draw."""
    return [path.get("d", "") for path in image.iter("path") if style in (path.get("class") or "").split()]


def named(html: str, name: str) -> Element:
    """Return the image whose title has this id's stem."""
    return next(
        image for image in images(html) if image.get("aria-labelledby", "").startswith(f"{name}-title")
    )
