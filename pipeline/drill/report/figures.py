"""How a report writes numbers and times, each kind in one way."""

from __future__ import annotations

from datetime import UTC, datetime
from math import isfinite

from pipeline.drill.objective import Objective

NONE = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"


def seconds(value: float | None) -> str:
    """Write a duration: `40 ms`, `3.42 s`, `74.3 s`, `12 min 4 s`; a dash for what is not known."""
    if value is None or not isfinite(value):
        return NONE
    return MINUS + _duration(-value) if value < 0 else _duration(value)


def since(at: float, zero: float) -> str:
    """Write a moment by its distance from the fault: `+12.3 s`, and before it `-4.0 s` with a minus sign."""
    distance = round(at - zero, 1)
    return f"{MINUS if distance < 0 else '+'}{abs(distance):.1f} s"


def tick(value: float) -> str:
    """Write a figure of an axis."""
    return f"{value:g}".replace("-", MINUS)


def count(value: int) -> str:
    """Write a number of things: `4,812`."""
    return f"{value:,}"


def percent(share: float | None) -> str:
    """Write a share of 1; only all is 100 %, and only nothing is 0 %."""
    if share is None:
        return NONE
    text = f"{share * 100:.1f}".removesuffix(".0")
    if text == "100" and share < 1:
        return "> 99.9 %"
    return "< 0.1 %" if text == "0" and share > 0 else f"{text} %"


def instant(at: float) -> str:
    """Write a time in UTC as RFC 3339 does, with milliseconds (https://www.rfc-editor.org/rfc/rfc3339)."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def measured(objective: Objective) -> str:
    """Write what was measured, so that a miss never looks like the limit; a dash if it was never reached."""
    if objective.measured is None:
        return "not reached"
    text = f"{objective.measured:,.1f}".removesuffix(".0")
    if not objective.met and round(objective.measured, 1) <= objective.limit:
        text = f"{objective.measured:g}"
    return f"{text} {objective.unit}".rstrip()


def limit(objective: Objective) -> str:
    """Write the most that an objective allows."""
    return f"≤ {objective.limit:g} {objective.unit}".rstrip()


def _duration(value: float) -> str:
    """Write a duration with three digits or so, in the unit that suits it."""
    if value == 0:
        return "0 s"
    if value < 0.9995:
        return f"{value * 1000:.0f} ms" if value >= 0.0095 else f"{value * 1000:.1f} ms"
    if value < 599.95:
        return f"{value:.2f} s" if value < 9.995 else f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest} s"
