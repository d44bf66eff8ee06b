"""The lane of how far replication is behind, in both directions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element

from pipeline.drill.report import figures
from pipeline.drill.report.axis import round_up
from pipeline.drill.report.drawing import node
from pipeline.drill.report.drilled import Drawn
from pipeline.drill.report.lane import TOP, Frame, Key, Lane, horizontal
from pipeline.drill.report.lines import Piece, line
from pipeline.drill.timeline import LagSampled

HEIGHT = 76.0
GAP_S = 2.0  # who samples every half second has missed some


def lag(drilled: Drawn, frame: Frame) -> Lane:
    """Return the lane; of the samples of one moment the largest is drawn."""
    primary, secondary = drilled.regions
    samples = drilled.evidence.timeline.of(LagSampled)
    most = round_up(max([sample.lag_s for sample in samples if sample.lag_s < float("inf")], default=0) or 1)
    parts, words, keys = [*horizontal(TOP, f"{most:g} s"), *horizontal(TOP + HEIGHT, "0 s")], list[str](), []
    for source, target, style in ((primary, secondary, "primary"), (secondary, primary, "secondary")):
        direction = f"{source} → {target}"
        largest = _largest([sample for sample in samples if sample.source == source], frame)
        parts += _curve(largest, frame, most, style)
        words.append(f"{direction}: {_in_words(largest, frame)}")
        keys.append(Key(style=f"stroke {style}", label=direction))
    return frame.lane(
        "lane-lag",
        "Replication lag",
        ". ".join(words),
        height=HEIGHT,
        parts=parts,
        keys=keys,
        foot=True,
    )


def _largest(samples: Sequence[LagSampled], frame: Frame) -> Mapping[float, float]:
    """Return the largest lag of each bucket, by the time at which it was seen."""
    found: dict[int, LagSampled] = {}
    for sample in samples:
        number = int((sample.at - frame.axis.start) / frame.axis.bucket_s)
        if number not in found or found[number].lag_s < sample.lag_s:
            found[number] = sample
    return {sample.at: sample.lag_s for sample in found.values()}


def _curve(largest: Mapping[float, float], frame: Frame, most: float, style: str) -> Iterator[Element]:
    if not largest:
        return
    axis = frame.axis
    pieces = [
        Piece(left=axis.x(at), right=axis.x(at) + 1, y=TOP + HEIGHT * (1 - min(max(value / most, 0), 1)))
        for at, value in largest.items()
    ]
    gap = axis.x(axis.start + max(GAP_S, 3 * axis.bucket_s)) - axis.x(axis.start)
    yield node("path", class_=f"line p50 {style} direction", d=line(pieces, gap=gap))


def _in_words(largest: Mapping[float, float], frame: Frame) -> str:
    """Say the largest, for who cannot see it."""
    if not largest:
        return "not measured"
    at = max(largest, key=lambda moment: largest[moment])
    return f"at most {figures.seconds(largest[at])}, at {frame.axis.since(at)}"
