"""Whether a stage is as it was before a restore was tried on it."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.restore.folder import Folder
from tests.pipeline.restore.staged import FORMER, RESTORED, Stage


def as_before(stage: Stage, folder: Folder) -> bool:
    """Tell whether everybody who was damaged has the profile of before, in the table that serves."""
    rows = {each.user_id: stage.row(each.user_id, "CURRENT") for each in folder.damages.all}
    return bool(rows) and all(
        rows[each.user_id] and rows[each.user_id]["email"]["S"] == each.email for each in folder.damages.all
    )


def undone(stage: Stage, folder: Folder) -> bool:
    """Tell whether the former table serves as before, and nothing is left of another one."""
    return (
        stage.serving == [FORMER]
        and not stage.fenced("eu-west-1")
        and not stage.fenced("eu-central-1")
        and not any(table == RESTORED for table, _ in stage.tables)
        and folder.disturbances.all == []
        and as_before(stage, folder)
    )


class Hearing(list[str]):
    """A list that tells somebody of each line."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__()
        self._tell = tell

    def append(self, line: str) -> None:
        super().append(line)
        self._tell(line)
