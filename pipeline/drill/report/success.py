"""The lanes of how many requests succeed, and which Region answers them, for each kind of client."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from xml.etree.ElementTree import Element

from pipeline.drill.attempt import ClientKind
from pipeline.drill.report import figures
from pipeline.drill.report.drawing import hatched, node, number
from pipeline.drill.report.drilled import Drawn
from pipeline.drill.report.lane import TOP, Frame, Key, Lane, horizontal
from pipeline.drill.series import Bucket

Edges = tuple[float, float]  # left and right, in pixels

HEIGHT = 56.0


@dataclass(kw_only=True)
class Column:
    """What became of the attempts that were sent in one moment: successes by Region, and failures.

    `until` is the latest that one of them may have ended.
    """

    at: float
    until: float
    failures: int = 0
    successes: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def counted(self) -> int:
        """Successes and failures."""
        return self.failures + sum(self.successes.values())

    @property
    def rate(self) -> float:
        """The share of successes."""
        return 1 - self.failures / self.counted


def columns(found: Sequence[Bucket], *, width: float) -> Sequence[Column]:
    """Sum the buckets, so many seconds wide, up over Regions; where nothing counts, there is no column."""
    made: dict[float, Column] = {}
    for bucket in found:
        column = made.setdefault(bucket.at, Column(at=bucket.at, until=bucket.at))
        column.until = max(column.until, bucket.at + width + (bucket.p99_s or 0))
        column.failures += bucket.failures
        column.successes[bucket.region] += bucket.successes
    return [column for column in made.values() if column.counted]


def success(drilled: Drawn, frame: Frame, kind: ClientKind, found: Sequence[Bucket]) -> Lane:
    """Return the lane of one kind of client."""
    name, (primary, secondary) = f"lane-success-{kind}", drilled.regions
    made = list(_placed(columns(found, width=frame.axis.bucket_s), frame))
    parts = [
        *horizontal(TOP, "100 %"),
        *horizontal(TOP + HEIGHT, "0 %"),
        *_areas(made, name, {primary: "primary", secondary: "secondary"}),
        *(_tip(column, edges, frame) for column, edges in made),
    ]
    return frame.lane(
        name,
        f"Successful requests: {kind}",
        _in_words([column for column, _ in made], frame),
        height=HEIGHT,
        parts=parts,
        keys=[
            Key(style="primary", label=f"served by {primary}"),
            Key(style="secondary", label=f"served by {secondary}"),
            Key(style="failure", label="failed"),
        ],
    )


def _areas(made: Sequence[tuple[Column, Edges]], name: str, styles: Mapping[str, str]) -> Iterator[Element]:
    """Stack the shares of each column, one path for each style."""
    paths: dict[str, list[str]] = defaultdict(list)
    for column, (left, right) in made:
        y = TOP + HEIGHT
        counts = {region: column.successes.get(region, 0) for region in styles}
        other = column.counted - column.failures - sum(counts.values())
        shares = [*((styles[region], amount) for region, amount in counts.items()), ("neutral", other)]
        for style, amount in [*shares, ("failure", column.failures)]:
            height = HEIGHT * amount / column.counted
            if height:
                paths[style].append(
                    f"M{number(left)} {number(y)}V{number(y - height)}H{number(right)}V{number(y)}Z"
                )
            y -= height
    for style, path in paths.items():
        if style == "failure":
            yield node("path", d="".join(path), fill=hatched(name))
        else:
            yield node("path", d="".join(path), class_=style)


def _tip(column: Column, edges: Edges, frame: Frame) -> Element:
    """Return what a pointer above a column is told."""
    left, right = edges
    served = [
        f"{count} by {region or 'a Region that is not known'}"
        for region, count in column.successes.items()
        if count
    ]
    parts = [*served, f"{column.failures} failed"]
    title = node("title", text=f"{frame.axis.since(column.at)}: {', '.join(parts)}")
    return node("rect", title, class_="tip", x=left, y=TOP, width=right - left, height=HEIGHT)


def _placed(made: Sequence[Column], frame: Frame) -> Iterator[tuple[Column, Edges]]:
    """Place each column from left to right: it lasts while its requests are under way, or until the next one.

    So clients that wait in vain do not leave a gap, as if they wanted nothing.
    """
    for column, following in zip_longest(made, made[1:]):
        end = min(column.until, following.at) if following else column.until
        yield column, (frame.axis.x(column.at), frame.axis.x(end))


def _in_words(made: Sequence[Column], frame: Frame) -> str:
    """Say the course, for who cannot see it."""
    if not made:
        return "No requests."
    failures, counted = (sum(values) for values in zip(*((c.failures, c.counted) for c in made), strict=True))
    text = f"{figures.percent(1 - failures / counted)} of {figures.count(counted)} requests succeeded"
    bad = [column.at for column in made if column.failures]
    if not bad:
        return f"{text}; none failed."
    return f"{text}; requests failed from {frame.axis.since(bad[0])} to {frame.axis.since(bad[-1])}."
