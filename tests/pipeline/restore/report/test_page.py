"""The report of a restore is one page without a script, and its JSON has all of it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.drill.finding import Finding
from pipeline.restore.invariant import Repaired
from pipeline.restore.report import page, record
from pipeline.restore.report.held import Held
from pipeline.restore.scenario import Scenario
from pipeline.restore.whole import hold
from tests.pipeline.drill.report.pages import Page, faults
from tests.pipeline.restore.short import OF_ONE, TO_VERIFY, WHOLE, in_no_time, scenario
from tests.pipeline.restore.staged import RESTORED, Stage
from tests.pipeline.restore.staged_venue import StagedVenue

USER = scenario(*OF_ONE, name="user-restore")


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    in_no_time(monkeypatch)
    return Stage()


def held(stage: Stage, path: Path, performed: Scenario = WHOLE) -> Held:
    return asyncio.run(hold(performed, StagedVenue(stage), path, stage.said.append, users=9))


@pytest.mark.parametrize("performed", [WHOLE, USER], ids=["table", "user"])
def test_it_is_a_page_that_needs_nothing_else(stage: Stage, tmp_path: Path, performed: Scenario) -> None:
    drill = held(stage, tmp_path / "drill", performed)
    html = (tmp_path / "drill" / "report.html").read_text(encoding="utf-8")
    assert faults(html) == []
    text = Page(html).text
    assert drill.sentence in text
    assert f"make restore-drill SCENARIO={performed.name}" in text
    assert all(step.why in text for step in performed.steps)
    assert ("Validator and replay" in text) is (performed is WHOLE)


def test_the_json_beside_it_says_the_same(stage: Stage, tmp_path: Path) -> None:
    drill = held(stage, tmp_path / "drill")
    found = json.loads((tmp_path / "drill" / "report.json").read_bytes())
    assert found == record.as_json(drill)
    assert found["met"] is False
    assert found["restore"]["noted"]["restored"] == RESTORED
    assert found["restore"]["replayed"]["replayed"] == 1
    assert found["restore"]["came_with"]["users"] > 0
    assert {"damage.jsonl", "restored.jsonl"} <= set(found["files"])
    assert [step["done"] for step in found["steps"]] == [True] * len(WHOLE.steps)


def test_the_time_in_which_one_user_is_put_back_has_a_tile(stage: Stage, tmp_path: Path) -> None:
    drill = held(stage, tmp_path / "drill", replace(USER, rto_seconds=60_000))
    text = Page(page.render(drill)).text
    assert "Until the user was put back" in text
    assert "Versions replayed" not in text


def test_what_was_not_done_is_in_its_sentence(stage: Stage, tmp_path: Path) -> None:
    stage.unsound.add(RESTORED)
    drill = held(stage, tmp_path / "drill")
    number = len(TO_VERIFY)
    assert f"not done: step {number}, never begun: step {number + 1}," in drill.sentence
    text = Page(page.render(drill)).text
    assert "✕ not done" in text
    assert "did not begin" in text
    assert "is not sound: a claim is nobody's" in text


def test_what_comes_from_outside_is_escaped_and_bounded(stage: Stage, tmp_path: Path) -> None:
    drill = held(stage, tmp_path / "drill", USER)
    bad = Finding(invariant=Repaired.CONFLICT, sentence="<script>alert(1)</script>\x00", evidence=("<b>",))
    verdict = replace(drill.verdict, findings=[bad] * 500)
    html = page.render(replace(drill, judged=replace(drill.judged, verdict=verdict)))
    assert faults(html) == []
    text = Page(html).text
    assert "<script>alert(1)</script>" in text
    assert "replay-conflict, 500 ✕ violation A write could not be taken over" in text
    assert html.count("&lt;b&gt;") == 200


def test_one_that_is_met_says_so(stage: Stage, tmp_path: Path) -> None:
    drill = held(stage, tmp_path / "drill", USER)
    assert drill.met
    assert "✓ Met" in Page(page.render(drill)).text
    assert stage.done[-1] == "closed"
