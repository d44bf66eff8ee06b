"""What a drill did is on record even if it is killed, and a record that was tampered with is refused."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.drill.attempt import Answered, Asked, Attempt, ClientKind, Operation, Outcome, Stored, Wanted
from pipeline.drill.ledger import Ledger, LedgerDamagedError, Reading, read
from tests.pipeline.drill.made import ADA, attempt, stored


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "drills" / "ledger.jsonl"


def written(path: Path, *attempts: Attempt) -> Path:
    ledger = Ledger(path)
    for each in attempts:
        ledger.ask(each.asked)
    for each in attempts:
        if each.answered is not None:
            ledger.answer(each.answered)
    ledger.close()
    return path


CREATION = attempt(
    Operation.CREATE, status=201, fields={**ADA, "phone": None}, stored=(stored(1),), key="k-1", id="one"
)
TIMEOUT = attempt(Operation.UPDATE, status=None, user_id="ada", fields={"age": 37}, id="two")


def test_what_is_written_is_read_back_as_it_was(path: Path) -> None:
    assert read(written(path, CREATION, TIMEOUT)) == Reading(attempts=[CREATION, TIMEOUT], torn_line=None)


texts = st.text(max_size=8)
fields = st.dictionaries(texts, st.none() | st.integers(0, 150) | texts, max_size=3)
floats = st.floats(0, 2**33)


@given(
    asked=st.builds(
        Asked,
        id=st.just("a"),
        write=texts,
        client=texts,
        kind=st.sampled_from(ClientKind),
        operation=st.sampled_from(Operation),
        users=st.lists(st.builds(Wanted, user_id=st.none() | texts, fields=fields), max_size=3).map(tuple),
        sent_at=floats,
        key=st.none() | texts,
        if_match=st.none() | texts,
    ),
    answered=st.none()
    | st.builds(
        Answered,
        id=st.just("a"),
        answered_at=floats,
        outcome=st.sampled_from(Outcome),
        status=st.none() | st.integers(100, 599),
        region=st.none() | texts,
        users=st.lists(
            st.builds(Stored, user_id=texts, email=texts, version=st.integers(1), at=texts), max_size=2
        ).map(tuple),
        detail=texts,
    ),
)
def test_any_attempt_comes_back_from_a_ledger(
    tmp_path_factory: pytest.TempPathFactory, asked: Asked, answered: Answered | None
) -> None:
    path = tmp_path_factory.mktemp("ledger") / "ledger.jsonl"
    each = Attempt(asked=asked, answered=answered)
    assert read(written(path, each)).attempts == [each]


def test_an_intent_is_on_record_before_anything_is_sent(path: Path) -> None:
    ledger = Ledger(path)
    ledger.ask(TIMEOUT.asked)
    (known,) = read(path).attempts
    ledger.close()
    assert (known.asked, known.answered) == (TIMEOUT.asked, None)
    assert known.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("cut", [1, 10, 80])
def test_an_end_that_was_cut_off_leaves_its_attempt_unknown(path: Path, cut: int) -> None:
    written(path, CREATION, TIMEOUT)
    os.truncate(path, path.stat().st_size - cut)
    reading = read(path)
    assert reading.torn_line == 4
    assert [each.answered for each in reading.attempts] == [CREATION.answered, None]


def test_an_intent_that_was_cut_off_was_not_sent(path: Path) -> None:
    written(path, CREATION)
    with path.open("ab") as file:
        file.write(b'{"asked":{"id":"th')
    assert read(path) == Reading(attempts=[CREATION], torn_line=3)


def test_an_empty_ledger_has_no_attempts(path: Path) -> None:
    assert read(written(path)) == Reading(attempts=[], torn_line=None)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"hello", "malformed"),
        (b"[]", "Expected `object`"),
        (b"{}", "neither an intent nor an end"),
        (b'{"asked":{"id":"x"}}', "missing required field"),
        (b'{"answered":{"id":"one","answered_at":"noon","outcome":"unknown"}}', "Expected `float`"),
        (b'{"answered":{"id":"one","answered_at":1.0,"outcome":"fine"}}', "Invalid enum value"),
        (b'{"answered":{"id":"nobody","answered_at":1.0,"outcome":"unknown"}}', "nobody was never asked"),
        (b'{"answered":{"id":"one","answered_at":1.0,"outcome":"unknown"}}', "one has an end already"),
    ],
)
def test_a_line_that_does_not_belong_is_named(path: Path, line: bytes, reason: str) -> None:
    written(path, CREATION)
    with path.open("ab") as file:
        file.write(line + b"\n")
    with pytest.raises(LedgerDamagedError, match=rf"ledger\.jsonl, line 3: .*{reason}"):
        read(path)


def test_an_attempt_that_is_asked_twice_is_named(path: Path) -> None:
    written(path, CREATION)
    first, _ = path.read_bytes().splitlines()
    path.write_bytes(path.read_bytes() + first + b"\n")
    with pytest.raises(LedgerDamagedError, match="line 3: attempt one was asked before"):
        read(path)


def test_damage_is_an_error_even_where_the_last_line_is_torn(path: Path) -> None:
    written(path, CREATION)
    path.write_bytes(b"{}\n" + path.read_bytes()[:-1])
    with pytest.raises(LedgerDamagedError, match="line 1"):
        read(path)


def test_the_ledger_of_another_drill_is_never_written_to(path: Path) -> None:
    written(path, CREATION)
    with pytest.raises(FileExistsError):
        Ledger(path)
    assert read(path).attempts == [CREATION]


def test_a_ledger_is_its_owners_to_read(path: Path) -> None:
    assert stat.S_IMODE(written(path).stat().st_mode) == 0o600


def test_threads_never_mix_their_lines(path: Path) -> None:
    ledger = Ledger(path)
    many = [[attempt(id=f"{thread}-{number}") for number in range(50)] for thread in range(4)]

    def work(mine: list[Attempt]) -> None:
        for each in mine:
            ledger.ask(each.asked)
            assert each.answered is not None
            ledger.answer(each.answered)

    threads = [threading.Thread(target=work, args=(mine,)) for mine in many]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ledger.close()
    found = {each.asked.id: each for each in read(path).attempts}
    assert found == {each.asked.id: each for mine in many for each in mine}


def test_a_write_in_pieces_is_completed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(path)
    write = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda file, data: write(file, data[:7]))
        ledger.ask(CREATION.asked)
    ledger.close()
    assert [each.asked for each in read(path).attempts] == [CREATION.asked]
