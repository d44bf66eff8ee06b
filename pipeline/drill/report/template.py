"""The templates beside this module, in which everything is escaped that is not said to be markup."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from pipeline.drill.report import figures, palette
from pipeline.drill.report.findings import MOST_EVIDENCE
from pipeline.drill.report.printable import printable


def _finalize(value: object) -> object:
    """Clean text from outside; markup was cleaned when it was made."""
    if isinstance(value, Markup):
        return value
    return printable(value) if isinstance(value, str) else value


ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    finalize=_finalize,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.globals |= {
    "figures": figures,
    "light": Markup(palette.declarations(palette.LIGHT)),  # noqa: S704  # constants
    "dark": Markup(palette.declarations(palette.DARK)),  # noqa: S704  # constants
    "most_evidence": MOST_EVIDENCE,
}
