"""The pages in a headless browser: they render without a network and without an error on the console."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.drill.attempt import ClientKind
from pipeline.drill.report.page import render
from pipeline.drill.report.summary import Entry, index
from tests.pipeline.drill.report import browser
from tests.pipeline.drill.report.course import Course

WIDE, NARROW = 1280, 390
LANES = {
    "recovery",
    *(f"lane-{name}" for name in ("steps", "health", "dns", "lag")),
    *(f"lane-{name}-{kind}" for name in ("success", "latency") for kind in ClientKind),
}


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with browser.running(tmp_path_factory.mktemp("browser")) as address:
        yield address


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(render(Course(late=(3, "a note")).drilled()))
    return file


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("dark", [False, True])
def test_a_report_renders_in_each_colour_scheme_and_width(
    chromium: str, report: Path, dark: bool, width: int
) -> None:
    seen = browser.look(chromium, report.as_uri(), dark=dark, width=width)
    assert not seen.faults
    assert seen.lanes == LANES


def test_the_colour_scheme_of_the_reader_counts(chromium: str, report: Path) -> None:
    light, dark = (browser.look(chromium, report.as_uri(), dark=dark) for dark in (False, True))
    assert light.background != dark.background


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_an_index_renders(chromium: str, tmp_path: Path, width: int) -> None:
    entries = [
        Entry.of(Course().drilled(), report="region-outage/report.html"),
        Entry.could_not_run("flapping", "Nothing answers at http://127.0.0.1:8080."),
    ]
    file = tmp_path / "index.html"
    file.write_text(index(entries))
    assert not browser.look(chromium, file.as_uri(), width=width).faults


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ('<img src="http://127.0.0.1:1/x.png" alt="">', "request: http://127.0.0.1:1/x.png"),
        ('<link rel="stylesheet" href="x.css">', "request: file:///"),
        ("<script>console.error('planted')</script>", "console: "),
        ("<script>throw new Error('planted')</script>", "exception: Uncaught"),
        ('<div style="width: 2000px">wide</div>', "the page is "),
        ("<style>#lane-dns { display: none }</style>", "lane-dns is not visible"),
        ("<style>body { display: none }</style>", "no text is visible"),
    ],
)
def test_the_browser_finds_what_is_wrong(
    chromium: str, report: Path, tmp_path: Path, planted: str, fault: str
) -> None:
    file = tmp_path / "planted.html"
    html = report.read_text().replace("Content-Security-Policy", "X-Off")
    file.write_text(html.replace("</main>", f"{planted}</main>"))
    found = browser.look(chromium, file.as_uri()).faults
    assert any(one.startswith(fault) for one in found), found


def test_the_policy_of_a_report_keeps_a_script_from_running(
    chromium: str, report: Path, tmp_path: Path
) -> None:
    file = tmp_path / "planted.html"
    file.write_text(report.read_text().replace("</main>", "<script>console.error('ran')</script></main>"))
    found = browser.look(chromium, file.as_uri()).faults
    assert any("Content Security Policy" in one for one in found), found
    assert not any(one.startswith("console:") for one in found), found


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_without_a_browser_ci_fails_and_a_machine_skips(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no browser is on the PATH"):
        browser.path()


@pytest.mark.parametrize("name", browser.NAMES)
def test_each_of_the_names_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    program = tmp_path / name
    shutil.copy("/bin/sh", program)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser.path() == str(program)


def test_a_pattern_is_not_painted_over_by_a_style(chromium: str, report: Path) -> None:
    seen = browser.look(chromium, report.as_uri())
    assert seen.hatched == {"lane-steps", "lane-health", *(f"lane-success-{kind}" for kind in ClientKind)}
