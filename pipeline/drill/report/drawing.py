"""SVG, built as a tree: whatever text goes in, what comes out is well-formed and escaped."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

from markupsafe import Markup

from pipeline.drill.report.printable import printable

Value = str | float


def node(tag: str, *children: Element, text: str | None = None, **attributes: Value) -> Element:
    """Return an element; `class_` stands for `class`, and an underscore for a hyphen."""
    made = Element(tag)
    for name, value in attributes.items():
        written = printable(value, most=100_000) if isinstance(value, str) else number(value)
        made.set(name.rstrip("_").replace("_", "-"), written)
    made.text = None if text is None else printable(text)
    made.extend(children)
    return made


def number(value: float) -> str:
    """Write a coordinate, to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")


def rect(class_: str, x: float, y: float, width: float, height: float, *, tip: str = "") -> Element:
    """Return a rectangle, with a tooltip."""
    tips = [node("title", text=tip)] if tip else []
    return node("rect", *tips, class_=class_, x=x, y=y, width=max(width, 0.5), height=height)


def label(class_: str, x: float, y: float, text: str, *, anchor: str = "start") -> Element:
    """Return a line of text."""
    return node("text", class_=class_, x=x, y=y, text_anchor=anchor, text=text)


def upright(class_: str, x: float, top: float, bottom: float) -> Element:
    """Return a vertical line."""
    return node("line", class_=class_, x1=x, x2=x, y1=top, y2=bottom)


def hatch(name: str) -> Element:
    """Return the pattern of failures, under an id; `hatched` refers to it."""
    stripe = node("rect", class_="stripe", x=0, y=0, width=2, height=5)
    return node(
        "defs",
        node(
            "pattern",
            node("rect", class_="failure", x=0, y=0, width=5, height=5),
            stripe,
            id=f"hatch-{name}",
            width=5,
            height=5,
            patternUnits="userSpaceOnUse",
            patternTransform="rotate(45)",
        ),
    )


def hatched(name: str) -> str:
    """Return the fill that a lane's pattern is."""
    return f"url(#hatch-{name})"


def figure(
    name: str, title: str, description: str, size: tuple[float, float], parts: Iterable[Element]
) -> Markup:
    """Return an SVG image for inline use, with what a screen reader says of it; size is width and height."""
    width, height = size
    image = node(
        "svg",
        node("title", id=f"{name}-title", text=title),
        node("desc", id=f"{name}-desc", text=description),
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        viewBox=f"0 0 {number(width)} {number(height)}",
    )
    image.extend(parts)
    return Markup(tostring(image, encoding="unicode"))  # noqa: S704  # ElementTree has escaped it
