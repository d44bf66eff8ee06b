"""The lanes of how long requests take, by the Region that answers them, for each kind of client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, floor, log10
from typing import Self
from xml.etree.ElementTree import Element

from pipeline.drill.attempt import ClientKind
from pipeline.drill.report import figures
from pipeline.drill.report.drawing import node
from pipeline.drill.report.drilled import Drawn
from pipeline.drill.report.lane import TOP, Frame, Key, Lane, horizontal
from pipeline.drill.report.lines import Piece, band, line
from pipeline.drill.series import NOBODY, Bucket

HEIGHT, GAP_BUCKETS = 76.0, 3
LEAST_S = 0.0001


@dataclass(frozen=True, kw_only=True)
class Decades:
    """A logarithmic scale of latencies, in powers of 10 of a second."""

    lowest: int
    highest: int

    @classmethod
    def over(cls, values: Sequence[float]) -> Self:
        """Hold all of these; 10 ms to 1 s at the least."""
        least, most = max(min(values, default=0.01), LEAST_S), max(max(values, default=1.0), LEAST_S)
        return cls(lowest=min(floor(log10(least)), -2), highest=max(ceil(log10(most)), 0))

    def y(self, value: float) -> float:
        """Return the height of a latency, in pixels from the top."""
        share = (log10(max(value, LEAST_S)) - self.lowest) / (self.highest - self.lowest)
        return TOP + HEIGHT * (1 - min(max(share, 0.0), 1.0))

    def grid(self) -> Iterator[Element]:
        """Yield a line for each decade."""
        for decade in range(self.lowest, self.highest + 1):
            value = 10.0**decade
            text = f"{value:g} s" if value >= 1 else f"{value * 1000:g} ms"
            yield from horizontal(self.y(value), text)


def latency(drilled: Drawn, frame: Frame, kind: ClientKind, found: Sequence[Bucket]) -> Lane:
    """Return the lane of one kind of client."""
    primary, secondary = drilled.regions
    timed = [bucket for bucket in found if bucket.p50_s is not None]
    scale = Decades.over([value for bucket in timed for value in (bucket.p50_s or 0, bucket.p99_s or 0)])
    parts, words = list(scale.grid()), list[str]()
    ordered = sorted(timed, key=lambda bucket: (bucket.region, bucket.at))
    for region, own in groupby(ordered, key=lambda bucket: bucket.region):
        style = {primary: "primary", secondary: "secondary", NOBODY: "failure"}.get(region, "neutral")
        series = list(own)
        parts += _series(series, frame, scale, style)
        words.append(f"{region or 'Without an answer'}: {_in_words(series)}")
    return frame.lane(
        f"lane-latency-{kind}",
        f"Latency: {kind}",
        ". ".join(words) or "No requests.",
        height=HEIGHT,
        parts=parts,
        keys=[
            Key(style="primary", label=primary),
            Key(style="secondary", label=secondary),
            Key(style="failure", label="until a client gave up"),
            Key(style="p50", label="median"),
            Key(style="p99", label="99th percentile"),
        ],
    )


def _series(series: Sequence[Bucket], frame: Frame, scale: Decades, style: str) -> Iterator[Element]:
    axis = frame.axis
    edges = [(axis.x(bucket.at), axis.x(bucket.at + axis.bucket_s)) for bucket in series]
    p50, p99 = (
        [
            Piece(left=left, right=right, y=scale.y(value or 0))
            for (left, right), value in zip(edges, values, strict=True)
        ]
        for values in ([bucket.p50_s for bucket in series], [bucket.p99_s for bucket in series])
    )
    gap = GAP_BUCKETS * (axis.x(axis.start + axis.bucket_s) - axis.x(axis.start))
    yield node("path", class_=f"band {style}", d=band(p50, p99))
    yield node("path", class_=f"line p99 {style}", d=line(p99, gap=gap))
    yield node("path", class_=f"line p50 {style}", d=line(p50, gap=gap))


def _in_words(series: Sequence[Bucket]) -> str:
    """Say the extremes, for who cannot see them."""
    medians = [bucket.p50_s or 0 for bucket in series]
    tails = [bucket.p99_s or 0 for bucket in series]
    between = f"between {figures.seconds(min(medians))} and {figures.seconds(max(medians))}"
    return f"median {between}, 99th percentile up to {figures.seconds(max(tails))}"
