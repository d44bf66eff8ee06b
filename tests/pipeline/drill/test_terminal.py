"""What is said reaches whoever listens, as far as they can take it."""

from __future__ import annotations

import io
import os
import sys

import pytest

from pipeline.drill.report.summary import Entry
from pipeline.drill.scenarios import SCENARIOS
from pipeline.drill.terminal import progress, say, show, sum_up
from tests.pipeline.drill.report.course import Course


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_reader_who_leaves_does_not_end_the_drill(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    with open(writing, "w", encoding="utf-8") as stream:  # noqa: PTH123 - it is no path
        monkeypatch.setattr(sys, "stdout", stream)
        say("first")
        assert os.read(reading, 100) == b"first\n"
        os.close(reading)
        say("nobody reads this")
        say("nor this")
        monkeypatch.undo()


def test_a_sign_that_an_encoding_lacks_does_not_end_the_drill(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="latin-1"))
    say("RTO 74 s ≤ 120 s")
    assert written.getvalue() == b"RTO 74 s ? 120 s\n"


@pytest.mark.parametrize(
    ("stream", "no_color", "verdict"),
    [(Terminal(), "", "\x1b[32mmet\x1b[0m: "), (Terminal(), "1", "met: "), (io.StringIO(), "", "met: ")],
    ids=["terminal", "terminal without colours", "pipe"],
)
def test_only_a_terminal_has_colours(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object, stream: io.StringIO, no_color: str, verdict: str
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setattr(sys, "stdout", stream)
    drilled = Course(clients=1).drilled()
    show(drilled, tmp_path)  # type: ignore[arg-type]
    assert stream.getvalue() == f"{verdict}{drilled.sentence}\n{tmp_path}/report.html\n\n"


def test_errors_are_not_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    say("wrong", err=True)
    progress()("right")
    assert capsys.readouterr() == ("   0.0 s  right\n", "wrong\n")


def test_a_table_off_a_terminal_has_whole_names(capsys: pytest.CaptureFixture[str]) -> None:
    sum_up([Entry.could_not_run(name, "why") for name in SCENARIOS])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines[2 : 2 + len(SCENARIOS)]] == list(SCENARIOS)
    assert "…" not in "".join(lines)
