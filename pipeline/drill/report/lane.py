"""A lane of the timeline: a title, a key, and a drawing above the shared axis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markupsafe import Markup

from pipeline.drill.report.axis import LEFT, RIGHT, WIDTH, Axis
from pipeline.drill.report.drawing import figure, hatch, label, node, upright
from pipeline.drill.report.marks import Mark

TOP, FOOT = 4.0, 24.0


@dataclass(frozen=True, kw_only=True)
class Key:
    """What a colour or a stroke means; `style` is the class of the sample."""

    style: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One lane; `name` is its id in the page."""

    name: str
    title: str
    keys: Sequence[Key]
    drawing: Markup


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What every lane is drawn in: the axis, and the moments that are marked in all of them."""

    axis: Axis
    marks: Sequence[Mark]

    def lane(
        self,
        name: str,
        title: str,
        description: str,
        *,
        height: float,
        parts: Iterable[Element],
        keys: Sequence[Key] = (),
        foot: bool = False,
    ) -> Lane:
        """Return a lane whose plot is so high, with the axis' figures at its `foot`."""
        bottom = TOP + height
        drawn = [hatch(name), *self._grid(bottom), *parts, *self._lines(bottom)]
        size = WIDTH, bottom + (FOOT if foot else TOP)
        drawing = figure(name, title, description, size, [*drawn, *(self._foot(bottom) if foot else ())])
        return Lane(name=name, title=title, keys=keys, drawing=drawing)

    def _foot(self, bottom: float) -> Iterable[Element]:
        for x, text in self.axis.ticks:
            yield label("figure", x, bottom + 17, text, anchor="middle")

    def _grid(self, bottom: float) -> Iterable[Element]:
        return (upright("grid", x, TOP, bottom) for x, _ in self.axis.ticks)

    def _lines(self, bottom: float) -> Iterable[Element]:
        return (upright(mark.style, self.axis.x(mark.at), 0, bottom + TOP) for mark in self.marks)


def row_label(y: float, text: str) -> Element:
    """Name what stands at a height, left of the plot."""
    return label("row", LEFT - 10, y, text, anchor="end")


def horizontal(y: float, text: str) -> Iterable[Element]:
    """Return a line of the grid with its figure."""
    yield node("line", class_="grid", x1=LEFT, x2=RIGHT, y1=y, y2=y)
    yield label("figure", LEFT - 10, y + 4, text, anchor="end")
