"""What the functions of a restore answer is kept, and what they do not answer ends it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from pipeline.drill.faults import FaultError
from pipeline.drill.run import NotInTimeError
from pipeline.drill.step import Role
from pipeline.restore.answer import Conflict
from pipeline.restore.calls import replay, verify
from pipeline.restore.folder import Folder
from pipeline.restore.functions import Functions
from tests.pipeline.restore.staged import FORMER, RESTORED, Stage
from tests.pipeline.restore.staged_aws import StagedFunctions


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(path=tmp_path)


def verified(stage: Stage, folder: Folder) -> str:
    place = stage.place
    call = verify(place.place.deployment, Role.PRIMARY, RESTORED)
    return Functions(place=place, folder=folder).verify(call, place.facts)


def replayed(stage: Stage, folder: Folder) -> str:
    place = stage.place
    call = replay(place.place.deployment, Role.PRIMARY, place.facts)
    return Functions(place=place, folder=folder).replay(call)


def test_the_damaged_table_is_shown_to_the_validator_once(folder: Folder) -> None:
    stage = Stage()
    assert verified(stage, folder) == f"{RESTORED}: 3 users, nothing is wrong"
    verified(stage, folder)
    assert [(found.table, found.sound) for found in folder.answers.validated] == [
        (FORMER, False),
        (RESTORED, True),
        (RESTORED, True),
    ]


def test_a_table_that_is_not_sound_is_told_with_what_is_wrong(folder: Folder) -> None:
    with pytest.raises(NotInTimeError, match=f"{RESTORED} is not sound: a claim is nobody's"):
        verified(Stage(unsound={RESTORED}), folder)
    assert [found.sound for found in folder.answers.validated] == [True, False]


def test_what_was_replayed_is_kept(folder: Folder) -> None:
    conflict = {"user_id": "ada", "version_id": "v", "why": "taken"}
    stage = Stage(replayed={"replayed": 1200, "rebased": 3, "unheard_of": 1, "conflicts": [conflict]})
    said = replayed(stage, folder)
    assert said.startswith("1,200 versions taken over, 3 of them without what was corrupt")
    assert said.endswith("1 conflicts")
    found = folder.answers.replayed
    assert found is not None
    assert found.conflicts == (Conflict(user_id="ada", version_id="v", why="taken"),)


def test_a_function_that_fails_ends_it(folder: Folder) -> None:
    with pytest.raises(FaultError, match="it broke"):
        replayed(Stage(stubborn={"replayer"}), folder)
    assert folder.answers.replayed is None


@pytest.mark.parametrize("text", [b"", b"nothing", b'{"replayed": "all"}', b"[]"])
def test_what_is_no_answer_ends_it(folder: Folder, text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def invoke(*_: object, **_given: Any) -> dict[str, Any]:  # noqa: ANN401
        return {"Payload": io.BytesIO(text)}

    monkeypatch.setattr(StagedFunctions, "invoke", invoke)
    with pytest.raises(FaultError, match="answered"):
        replayed(Stage(), folder)
