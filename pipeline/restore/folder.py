"""What a drill of a restore keeps on disk, beside what every drill keeps."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.drill import performance
from pipeline.restore.answer import Answers
from pipeline.restore.came import Came
from pipeline.restore.damage import Damages


@dataclass(frozen=True, kw_only=True)
class Folder(performance.Folder):
    """The folder of one drill."""

    @property
    def damages(self) -> Damages:
        """Who was damaged, and how they were."""
        return Damages(self.path / "damage.jsonl")

    @property
    def answers(self) -> Answers:
        """What was learnt on the way."""
        return Answers(self.path / "answers.jsonl")

    @property
    def came(self) -> Came:
        """What the restored table held before anything was replayed into it."""
        return Came(path=self.path / "restored.jsonl")
