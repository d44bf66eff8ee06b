"""Colours are told apart by readers whose eyes lack a kind of cone, and text can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import pytest

from pipeline.drill.report.palette import DARK, LIGHT, PARTS, SERIES, declarations

Colour = tuple[float, float, float]

# G. M. Machado et al., A Physiologically-based Model for Simulation of Color Vision Deficiency, at severity 1
# (https://www.inf.ufrgs.br/~oliveira/pubs_files/CVD_Simulation/CVD_Simulation.html).
EYES: Mapping[str, Sequence[Colour]] = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
XYZ: Sequence[Colour] = (
    (0.4124, 0.3576, 0.1805),
    (0.2126, 0.7152, 0.0722),
    (0.0193, 0.1192, 0.9505),
)
PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
DISTINCT = 20.0  # a difference of 2.3 is just noticeable; areas of a chart need far more


def linear(colour: str) -> Colour:
    """Return red, green and blue as amounts of light (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _light(red), _light(green), _light(blue)


def _light(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def times(matrix: Sequence[Colour], colour: Colour) -> Colour:
    first, second, third = (sum(a * b for a, b in zip(row, colour, strict=True)) for row in matrix)
    return first, second, third


def difference(one: str, other: str, eyes: Sequence[Colour]) -> float:
    """Return the distance in CIELAB, as eyes see it."""
    first, second = (lab(times(eyes, linear(colour))) for colour in (one, other))
    return float(sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5)


def lab(colour: Colour) -> Colour:
    seen = times(XYZ, (max(colour[0], 0), max(colour[1], 0), max(colour[2], 0)))
    x, y, z = (_cube_root(value / white) for value, white in zip(seen, (0.9505, 1, 1.089), strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _cube_root(value: float) -> float:
    return float(value ** (1 / 3)) if value > 0.008856 else 7.787 * value + 16 / 116


def contrast(one: str, other: str) -> float:
    low, high = sorted(times(XYZ, linear(colour))[1] for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


@PALETTES
@pytest.mark.parametrize("eyes", EYES)
def test_what_stands_side_by_side_is_told_apart(palette: Mapping[str, str], eyes: str) -> None:
    for names in (SERIES, PARTS, ("well", "failure")):
        for one, other in combinations(names, 2):
            apart = difference(palette[one], palette[other], EYES[eyes])
            assert apart >= DISTINCT, f"{one} and {other}: {apart:.1f}"


def test_colours_that_only_usual_eyes_tell_apart_are_found() -> None:
    red, green = "#b04a3a", "#6d7a2c"
    assert difference(red, green, EYES["usual"]) >= DISTINCT
    assert difference(red, green, EYES["deuteranopia"]) < DISTINCT


@PALETTES
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "page"),
        ("ink", "card"),
        ("ink", "well"),
        ("ink", "good-tint"),
        ("ink", "bad-tint"),
        ("soft", "page"),
        ("soft", "card"),
        ("soft", "grid"),
        ("good", "card"),
        ("good", "good-tint"),
        ("bad", "card"),
        ("bad", "bad-tint"),
        ("on", "secondary"),
        ("on-primary", "primary"),
    ],
)
def test_text_has_the_contrast_that_wcag_asks_for(palette: Mapping[str, str], text: str, ground: str) -> None:
    assert contrast(palette[text], palette[ground]) >= 4.5


def test_both_palettes_have_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()
    assert "--ink: #18202b;" in declarations(LIGHT)
