"""Any history, corrupted, restored and replayed, against one that was never corrupted."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from copy import deepcopy

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.drill.integrity import integrity
from pipeline.drill.rows import Table, table
from tests.lambdas.recovery.dictionary import Key, Row, Stopped
from tests.lambdas.recovery.replaying import BAD, FORMER, RESTORED, Service
from tests.lambdas.recovery.shelf import Shelf, found, inspected
from tests.lambdas.recovery.worlds import Act, Worlds

USER_IDS = st.sampled_from([f"user-{number}" for number in range(5)])
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Ada", "Zoë"]),
        "age": st.integers(0, 3),
        "phone": st.sampled_from(["1", None]),
        "email": st.sampled_from([f"shared-{number}@example.com" for number in range(3)]),
    },
)
BESIDE = st.sampled_from([{}, {}, {"email": f"other{BAD}"}, {"age": 7}, {"phone": "0", "name": "X"}])
GOOD = st.builds(Act, st.sampled_from(["create", "update", "update", "update", "delete"]), USER_IDS, FIELDS)
BAD_ACTS = st.builds(Act, st.sampled_from(["rewrite", "rewrite", "strip"]), USER_IDS, BESIDE)
BEFORE = st.lists(GOOD, max_size=15)
AFTER = st.lists(st.one_of(GOOD, GOOD, BAD_ACTS), max_size=25)


@settings(max_examples=300)
@given(before=BEFORE, after=AFTER)
def test_a_replayed_table_is_as_if_there_had_been_no_corruption(
    before: Sequence[Act], after: Sequence[Act]
) -> None:
    worlds = lived(before, after)
    outcome = worlds.corrupted.replay()
    assert not outcome.conflicts
    assert told(worlds.corrupted, RESTORED) == told(worlds.spared, FORMER)


@given(before=BEFORE, after=AFTER, lenient=st.booleans())
def test_a_second_replay_writes_nothing_and_finds_the_same_conflicts(
    before: Sequence[Act], after: Sequence[Act], lenient: bool
) -> None:
    service = lived(before, after, lenient=lenient).corrupted
    first = service.replay()
    rows, writes = deepcopy(service.tables.tables), service.tables.writes
    again = service.replay()
    assert (again.replayed, again.rebased, again.deleted, again.receipts) == (0, 0, 0, 0)
    assert (again.corrupt, again.conflicts) == (first.corrupt, first.conflicts)
    assert (service.tables.tables, service.tables.writes) == (rows, writes)


@given(before=BEFORE, after=AFTER, lenient=st.booleans(), stops=st.lists(st.integers(0, 6), max_size=4))
def test_a_replay_that_ends_anywhere_is_made_whole_by_the_next(
    before: Sequence[Act], after: Sequence[Act], lenient: bool, stops: Sequence[int]
) -> None:
    service = lived(before, after, lenient=lenient).corrupted
    restored = deepcopy(service.tables.tables[RESTORED])
    service.replay()
    whole = deepcopy(service.tables.tables)
    service.tables.tables[RESTORED] = restored
    for stop in stops:
        service.tables.stop_after = service.tables.writes + stop
        with suppress(Stopped):
            service.replay()
    service.tables.stop_after = None
    service.replay()
    assert service.tables.tables == whole


@settings(max_examples=300)
@given(before=BEFORE, after=AFTER)
def test_what_only_the_corruption_made_possible_is_a_conflict_and_the_rows_agree(
    before: Sequence[Act], after: Sequence[Act]
) -> None:
    worlds = lived(before, after, lenient=True)
    service = worlds.corrupted
    at_restore = {row["user_id"]["S"] for row in service.tables.rows(RESTORED) if is_current(row)}
    former = table("", service.tables.rows(FORMER))
    outcome = service.replay()
    restored = table("", service.tables.rows(RESTORED))
    assert not integrity(restored, Table(region=""))
    assert at_restore - worlds.deleted <= set(restored.current)
    versions = {(user_id, each.version_id) for user_id, all_ in restored.history.items() for each in all_}
    kept = {(user_id, id_) for user_id, id_ in worlds.acknowledged if not is_covered(restored, user_id, id_)}
    assert kept <= versions | {(conflict.user_id, conflict.version_id) for conflict in outcome.conflicts}
    assert found(inspected(Shelf(service.tables.rows(RESTORED)), least_users=0)) == []
    unlike = {
        user_id
        for user_id, each in former.current.items()
        if not str((each.profile or {})["email"]).endswith(BAD)
        if email_in(restored, user_id) != (each.profile or {})["email"]
    }
    assert unlike <= {conflict.user_id for conflict in outcome.conflicts}


def lived(before: Sequence[Act], after: Sequence[Act], *, lenient: bool = False) -> Worlds:
    worlds = Worlds()
    for act in before:
        worlds.do(act, lenient=False)
    worlds.corrupted.snapshot()
    for act in after:
        worlds.do(act, lenient=lenient)
    return worlds


def told(service: Service, name: str) -> Mapping[Key, Row]:
    """Return all rows, of deletions only that they are there: what those follow went with the user."""
    rows = service.tables.tables[name]
    return {
        key: {name: row[name] for name in row if name not in ("version", "supersedes")}
        if row.get("change") == {"S": "deleted"}
        else row
        for key, row in rows.items()
    }


def is_current(row: Row) -> bool:
    return row["timestamp"] == {"S": "CURRENT"}


def is_covered(table: Table, user_id: str, version_id: str) -> bool:
    deletions = [each for each in table.history.get(user_id, ()) if each.change == "deleted"]
    return any(deletion.version_id > version_id for deletion in deletions)


def email_in(table: Table, user_id: str) -> object:
    current = table.current.get(user_id)
    return None if current is None else (current.profile or {}).get("email")
