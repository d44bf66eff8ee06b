"""One line per step, plain where nobody watches."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from pipeline.local.progress import Progress


def output_of(*, fails: type[BaseException] | None = None, terminal: bool = False) -> str:
    console = Console(file=io.StringIO(), force_terminal=terminal, color_system=None, width=40)
    try:
        with Progress(console).step("starting a Region whose name is longer than the terminal"):
            if fails is not None:
                raise fails
    except BaseException as error:
        assert type(error) is fails
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_step_is_announced_and_reported_in_plain_lines_off_a_terminal() -> None:
    announced, *rest, reported = output_of().splitlines()
    assert announced.startswith("  starting a Region")
    assert re.fullmatch(r"✓ starting a Region .* than the terminal \(\d+\.\d s\)", reported)
    assert "\x1b" not in "".join([announced, *rest, reported])


def test_a_step_that_is_done_is_one_line_on_a_terminal() -> None:
    last = output_of(terminal=True).splitlines()[-1]
    assert re.search(r"✓ starting a Region .* than the terminal \(\d+\.\d s\)$", last)


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize("fails", [ValueError, KeyboardInterrupt])
def test_a_step_that_fails_says_so(fails: type[BaseException], terminal: bool) -> None:
    output = output_of(fails=fails, terminal=terminal)
    assert "✗ starting a Region" in output
    assert "✓" not in output
