"""The report's colours, for light and dark screens, told apart by readers who are colour-blind as well.

A failure is hatched besides, and a verdict is a word besides.
"""

from __future__ import annotations

from collections.abc import Mapping

Palette = Mapping[str, str]

LIGHT: Palette = {
    "page": "#f6f7f9",
    "card": "#ffffff",
    "ink": "#18202b",
    "soft": "#5a6675",
    "line": "#dde2e8",
    "grid": "#eceff3",
    "primary": "#2468b4",
    "secondary": "#e39a16",
    "failure": "#8f1d4f",
    "neutral": "#b4bdc8",
    "well": "#93d0b4",
    "on": "#10202b",
    "on-primary": "#ffffff",
    "good": "#12724f",
    "good-tint": "#e6f4ee",
    "bad": "#a3231f",
    "bad-tint": "#fbeae9",
    "part-1": "#27364a",
    "part-2": "#6f8299",
    "part-3": "#bcc8d5",
}
DARK: Palette = {
    "page": "#0f141a",
    "card": "#171e27",
    "ink": "#e8edf3",
    "soft": "#9aa7b6",
    "line": "#2b3541",
    "grid": "#212a35",
    "primary": "#5ba0ee",
    "secondary": "#f4c152",
    "failure": "#e0528b",
    "neutral": "#3a4550",
    "well": "#1f5442",
    "on": "#10161d",
    "on-primary": "#10161d",
    "good": "#58c79a",
    "good-tint": "#12291f",
    "bad": "#ff8f86",
    "bad-tint": "#341917",
    "part-1": "#dfe7f0",
    "part-2": "#8fa1b5",
    "part-3": "#4b5a6b",
}
SERIES = ("primary", "secondary", "failure", "neutral")
PARTS = ("part-1", "part-2", "part-3")


def declarations(palette: Palette) -> str:
    """Return a palette as custom properties of CSS: `--ink: #18202b; …`."""
    return " ".join(f"--{name}: {colour};" for name, colour in palette.items())
