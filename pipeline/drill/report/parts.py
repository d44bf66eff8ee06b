"""The picture of how long each kind of client was without service, and which part took how long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markupsafe import Markup

from pipeline.drill.attempt import ClientKind
from pipeline.drill.recovery import Recovery
from pipeline.drill.report import figures
from pipeline.drill.report.drawing import figure, hatch, hatched, label, node, rect, upright

WIDTH, LEFT, RIGHT = 1000.0, 150.0, 860.0
ROW, BAR, TOP = 34.0, 20.0, 6.0
NAME = "recovery-parts"


@dataclass(frozen=True, kw_only=True)
class Scale:
    """From no time at the left to the longest at the right."""

    most: float

    def x(self, seconds: float) -> float:
        """Return the place of a duration, in pixels."""
        return LEFT + (RIGHT - LEFT) * min(seconds / self.most, 1.0)


def recovery_parts(recoveries: Sequence[Recovery], limits: Mapping[ClientKind, float]) -> Markup:
    """Return the picture: a row for each kind of client, and a tick where its limit is."""
    measured = [recovery.rto_s or 0.0 for recovery in recoveries]
    scale = Scale(most=max([*measured, *limits.values()], default=0) or 1.0)
    parts = [hatch(NAME)]
    for row, recovery in enumerate(recoveries):
        parts += _row(recovery, limits.get(recovery.kind), scale, TOP + ROW * row)
    return figure(
        NAME,
        "Time to recover, by kind of client",
        "; ".join(f"{recovery.kind}: {_in_words(recovery)}" for recovery in recoveries),
        (WIDTH, TOP + ROW * len(recoveries)),
        parts,
    )


def _row(recovery: Recovery, limit_s: float | None, scale: Scale, top: float) -> Iterator[Element]:
    yield label("row", LEFT - 12, top + 14, str(recovery.kind), anchor="end")
    yield node("rect", class_="track", x=LEFT, y=top, width=RIGHT - LEFT, height=BAR)
    if recovery.rto_s is None:
        yield node("rect", x=LEFT, y=top, width=RIGHT - LEFT, height=BAR, fill=hatched(NAME))
    else:
        yield from _bars(recovery, recovery.rto_s, scale, top)
    if limit_s is not None:
        yield upright("limit", scale.x(limit_s), top - 4, top + BAR + 4)
    yield label("total", RIGHT + 14, top + 14, _in_words(recovery))


def _bars(recovery: Recovery, rto_s: float, scale: Scale, top: float) -> Iterator[Element]:
    """Yield the whole, and above it the parts that are known: the client's is the last."""
    detected = recovery.detection_s or 0.0
    known = (
        ("detection", 0.0, recovery.detection_s),
        ("DNS", detected, recovery.dns_s),
        ("client's cache", rto_s - (recovery.client_s or 0.0), recovery.client_s),
    )
    if rto_s > 0:
        yield rect("neutral", LEFT, top, scale.x(rto_s) - LEFT, BAR, tip=figures.seconds(rto_s))
    for number, (name, begins, seconds) in enumerate(known, start=1):
        if seconds is not None:
            left, right = scale.x(begins), scale.x(begins + seconds)
            tip = f"{name} {figures.seconds(seconds)}"
            yield rect(f"part-{number}", left, top, right - left, BAR, tip=tip)


def _in_words(recovery: Recovery) -> str:
    """Say the total."""
    if recovery.rto_s is None:
        return "not recovered"
    return figures.seconds(recovery.rto_s) if recovery.failures else "never failed"
