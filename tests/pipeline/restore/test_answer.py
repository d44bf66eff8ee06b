"""What was learnt is kept, and the last of each kind counts."""

from __future__ import annotations

from pathlib import Path

from pipeline.restore.answer import Answer, Answers, Changed, Conflict, Noted, Replayed, Validated

NOTED = Noted(at=1.0, restore_point="t", first_bad_at=0.5, former="a", restored="b", pattern=".*")


def test_where_nothing_was_learnt_there_is_nothing(tmp_path: Path) -> None:
    answers = Answers(tmp_path / "answers.jsonl")
    assert (answers.noted, answers.replayed, answers.changed, answers.validated) == (None, None, None, [])


def test_each_answer_is_read_back(tmp_path: Path) -> None:
    answers = Answers(tmp_path / "drill" / "answers.jsonl")
    conflict = Conflict(user_id="ada", version_id="v", why="taken")
    given = [
        Answer(noted=NOTED),
        Answer(validated=Validated(table="a", status="FAILED", findings=({"check": "claims"},))),
        Answer(replayed=Replayed(replayed=1)),
        Answer(replayed=Replayed(replayed=2, conflicts=(conflict,))),
        Answer(validated=Validated(table="b", status="SUCCESSFUL")),
        Answer(changed=Changed(at=2.0, tables=("a", "b"))),
    ]
    for answer in given:
        answers.add(answer)
    assert answers.all == given
    assert answers.noted == NOTED
    assert answers.replayed == Replayed(replayed=2, conflicts=(conflict,))
    assert answers.changed == Changed(at=2.0, tables=("a", "b"))
    assert [found.sound for found in answers.validated] == [False, True]


def test_an_answer_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    answers = Answers(tmp_path / "answers.jsonl")
    answers.add(Answer(noted=NOTED))
    with (tmp_path / "answers.jsonl").open("ab") as file:
        file.write(b'{"replayed": {"repl')
    assert answers.replayed is None
