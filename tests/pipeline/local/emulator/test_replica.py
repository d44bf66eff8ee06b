"""Two Regions that write, pause, die and hear each other late, twice or out of order end up the same."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from pipeline.local.emulator.change import Change, Item, Key, Stamp
from pipeline.local.emulator.journal import Journal
from pipeline.local.emulator.replica import Batch, Missed, Replica
from tests.pipeline.local.emulator.rows import DEFINITION, TABLE, Rows

REGIONS = ("eu-west-1", "eu-central-1")
rows = st.sampled_from([Key(TABLE, "ada", "CURRENT"), Key(TABLE, "ada", "1"), Key(TABLE, "bob", "CURRENT")])
values = st.none() | st.integers(0, 99).map(lambda n: {"n": {"N": str(n)}})


class Region:
    """A Region with a disk: its process can die and come back, its disk can be lost."""

    replica_type: type[Replica] = Replica

    def __init__(
        self, name: str, disk: Path, clock: list[int], store_type: Callable[[], Rows] = Rows
    ) -> None:
        self.name = name
        self._store_type = store_type
        self._disk = disk
        self._clock = clock
        self.start()

    def start(self) -> None:
        self.store = self._store_type()
        self.journal = Journal(self._disk / f"{self.name}.journal", self.name)
        self.replica = self.replica_type(self.name, self.journal, self.store, lambda: self._clock[0])
        self.replica.restore()

    def restart(self) -> None:
        self.journal.close()
        self.start()

    def lose_disk(self) -> None:
        self.journal.close()
        (self._disk / f"{self.name}.journal").unlink()
        self.start()

    def write(self, *changes: tuple[Key, Item | None]) -> None:
        for key, item in changes:
            self.store.apply(Change(key, item, Stamp(0, ""), ""))
        self.replica.write(changes)


class TwoRegions(RuleBasedStateMachine):
    """Every interleaving that the platform allows, and some that it does not: late, doubled, out of order."""

    region_type: type[Region] = Region

    def __init__(self) -> None:
        super().__init__()
        self.disk = Path(tempfile.mkdtemp(prefix="replica-"))
        self.clock = [1_000]
        self.regions = {name: self.region_type(name, self.disk, self.clock) for name in REGIONS}
        self.held: list[tuple[str, Batch]] = []
        self.newest: dict[Key, tuple[Stamp, Item | None]] = {}

    @initialize()
    def create_table(self) -> None:
        self._write(REGIONS[0], [(Key(TABLE), DEFINITION)])
        self._pull(REGIONS[1])

    @rule(region=st.sampled_from(REGIONS), writes=st.lists(st.tuples(rows, values), min_size=1, max_size=4))
    def write(self, region: str, writes: list[tuple[Key, Item | None]]) -> None:
        self._write(region, list(dict(writes).items()))

    @rule(ticks=st.integers(-5, 5))
    def clock_moves(self, ticks: int) -> None:
        self.clock[0] += ticks

    @rule(to=st.sampled_from(REGIONS))
    def pull(self, to: str) -> None:
        self._pull(to)

    @rule(to=st.sampled_from(REGIONS), limit=st.integers(1, 3))
    def delay_a_batch(self, to: str, limit: int) -> None:
        self.held.append((to, self._batch(to, after=0, limit=limit)))

    @rule(data=st.data())
    def deliver_a_late_batch_in_any_order(self, data: st.DataObject) -> None:
        for to, batch in data.draw(st.permutations(self.held)):
            for sequence, change in data.draw(st.permutations(batch.changes)):
                replica = self.regions[to].replica
                seen = replica.seen(batch.journal)
                replica.receive(change, batch.journal, min(sequence, seen))

    @rule(region=st.sampled_from(REGIONS))
    def process_dies(self, region: str) -> None:
        self.regions[region].restart()

    @invariant()
    def no_echo(self) -> None:
        for reader in REGIONS:
            own = self.regions[reader].replica.journal_id
            assert all(change.origin != own for _, change in self._batch(reader, after=0).changes)

    def teardown(self) -> None:
        try:
            for _ in range(3):
                for region in REGIONS:
                    self._pull(region)
            one, other = (self.regions[name].store.items for name in REGIONS)
            assert one == other
            rows_of = {key: item for key, (_, item) in self.newest.items() if item is not None}
            assert one == rows_of
            assert not any(self._batch(region, self._seen(region)).changes for region in REGIONS)
        finally:
            for place in self.regions.values():
                place.journal.close()
            shutil.rmtree(self.disk)

    def _write(self, region: str, writes: list[tuple[Key, Item | None]]) -> None:
        self.regions[region].write(*writes)
        *_, commit = self.regions[region].journal.commits()
        for change in commit.changes:
            stamp, _ = self.newest.get(change.key, (Stamp(0, ""), None))
            if change.stamp > stamp:
                self.newest[change.key] = (change.stamp, change.item)

    def _peer(self, to: str) -> Region:
        return self.regions[REGIONS[1 - REGIONS.index(to)]]

    def _seen(self, to: str) -> int:
        return self.regions[to].replica.seen(self._peer(to).replica.journal_id)

    def _batch(self, to: str, after: int, limit: int = 1_000) -> Batch:
        return self._peer(to).replica.batch(after, self.regions[to].replica.journal_id, limit)

    def _pull(self, to: str) -> None:
        while (batch := self._batch(to, self._seen(to), limit=2)).changes:
            for _ in self.regions[to].replica.take(batch):
                pass


SETTINGS = settings(
    max_examples=100,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def test_any_interleaving_converges_to_the_last_write_without_an_echo() -> None:
    run_state_machine_as_test(TwoRegions, settings=SETTINGS)


class DropsARecord(Replica):
    def receive(self, change: Change, journal: str, sequence: int) -> bool:
        if change.item == {"n": {"N": "0"}}:
            self._seen[journal] = sequence
            return False
        return super().receive(change, journal, sequence)


class AppliesInArrivalOrder(Replica):
    def receive(self, change: Change, journal: str, sequence: int) -> bool:
        if not change.key.names_table:
            self._stamps.pop(change.key, None)
        return super().receive(change, journal, sequence)


class Echoes(Replica):
    def batch(self, after: int, reader: str, limit: int, missed: Missed | None = None) -> Batch:
        return super().batch(after, reader[:0], limit, missed)


class ForgetsTombstones(Replica):
    def restore(self) -> int:
        count = super().restore()
        kept = self._store.items  # type: ignore[attr-defined]
        self._stamps = {key: stamp for key, stamp in self._stamps.items() if key in kept}
        return count


class TrustsTheClock(Replica):
    def write(self, writes: Sequence[tuple[Key, Item | None]], *, at: int | None = None) -> None:
        for key, _ in writes:
            self._stamps.pop(key, None)
        super().write(writes, at=at)


@pytest.mark.parametrize(
    "fault",
    [DropsARecord, AppliesInArrivalOrder, Echoes, ForgetsTombstones, TrustsTheClock],
    ids=lambda f: f.__name__,
)
def test_a_planted_fault_breaks_the_property(fault: type[Replica]) -> None:
    faulty_region = type("FaultyRegion", (Region,), {"replica_type": fault})
    faulty = type("Faulty", (TwoRegions,), {"region_type": faulty_region})
    with pytest.raises(BaseException, match=r"assert|Assertion|distinct") as caught:
        run_state_machine_as_test(
            faulty, settings=settings(SETTINGS, max_examples=500, phases=[Phase.generate], database=None)
        )
    assert isinstance(caught.value, AssertionError | BaseExceptionGroup)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Region, Region]]:
    clock = [1_000]
    regions = Region(REGIONS[0], tmp_path, clock), Region(REGIONS[1], tmp_path, clock)
    regions[0].write((Key(TABLE), DEFINITION))
    yield regions
    for region in regions:
        region.journal.close()


def deliver(source: Region, to: Region) -> None:
    after = to.replica.seen(source.replica.journal_id)
    while (batch := source.replica.batch(after, to.replica.journal_id, limit=1_000)).changes:
        for _ in to.replica.take(batch):
            pass
        after = to.replica.seen(batch.journal)


def test_a_region_whose_disk_was_lost_is_rebuilt_from_its_peer(pair: tuple[Region, Region]) -> None:
    primary, secondary = pair
    primary.write(
        (Key(TABLE, "ada", "CURRENT"), {"n": {"N": "1"}}), (Key(TABLE, "ada", "1"), {"n": {"N": "1"}})
    )
    deliver(primary, secondary)

    primary.lose_disk()
    assert primary.store.items == {}
    deliver(secondary, primary)

    assert primary.store.items == secondary.store.items
    assert Key(TABLE, "ada", "CURRENT") in primary.store.items


def test_a_batch_never_exceeds_its_limit_and_the_next_one_goes_on(pair: tuple[Region, Region]) -> None:
    primary, secondary = pair
    for n in range(5):
        primary.write((Key(TABLE, str(n), "CURRENT"), {"n": {"N": str(n)}}))
    after, sizes = 0, []
    while (batch := primary.replica.batch(after, secondary.replica.journal_id, limit=2)).changes:
        sizes.append(len(batch.changes))
        after = batch.read
    assert sizes == [2, 2, 2]


def test_a_write_that_a_freeze_cut_in_two_is_earlier_than_what_came_meanwhile(
    tmp_path: Path,
) -> None:
    clock = [1_000]
    thawed, other = (Region(name, tmp_path / "frozen", clock) for name in REGIONS)
    thawed.write((Key(TABLE), DEFINITION))
    put(thawed, "ada", 1)
    deliver(thawed, other)
    clock[0] = 3_000
    other.write((Key(TABLE, "ada", "CURRENT"), None))
    clock[0] = 4_000
    thawed.replica.write([(Key(TABLE, "ada", "CURRENT"), {"n": {"N": "2"}})], at=2_000)
    deliver(thawed, other)
    deliver(other, thawed)
    assert all(Key(TABLE, "ada", "CURRENT") not in region.store.items for region in (thawed, other))
    for region in (thawed, other):
        region.journal.close()


def test_an_empty_batch_never_moves_the_position_back(pair: tuple[Region, Region]) -> None:
    primary, secondary = pair
    deliver(primary, secondary)
    deliver(primary, secondary)
    position = secondary.replica.seen(primary.replica.journal_id)
    for _ in secondary.replica.take(Batch(primary.replica.journal_id, [], 0)):
        pass
    assert secondary.replica.seen(primary.replica.journal_id) == position == 1


class Local(Rows):
    """A store whose tables are shared only once a definition says so."""

    def __init__(self) -> None:
        super().__init__()
        self.shared: set[str] = set()

    def apply(self, change: Change) -> None:
        if change.key.names_table:
            (self.shared.add if change.item == DEFINITION else self.shared.discard)(change.key.table)
            if change.item is None:
                self.items = {key: item for key, item in self.items.items() if key.table != change.key.table}
        elif change.key.table in self.shared or change.origin == "":
            super().apply(change)

    def is_shared(self, table: str) -> bool:
        return table in self.shared


@pytest.fixture
def strangers(tmp_path: Path) -> Iterator[tuple[Region, Region]]:
    clock = [1_000]
    regions = Region(REGIONS[0], tmp_path, clock, Local), Region(REGIONS[1], tmp_path, clock, Local)
    regions[0].write((Key(TABLE), {"definition": {}}))
    yield regions
    for region in regions:
        region.journal.close()


def put(region: Region, id: str, n: int) -> None:
    region.write((Key(TABLE, id, "CURRENT"), {"n": {"N": str(n)}}))


def test_a_row_that_comes_before_its_table_is_shared_comes_again_with_it(
    strangers: tuple[Region, Region],
) -> None:
    primary, secondary = strangers
    put(primary, "ada", 1)
    deliver(primary, secondary)
    put(primary, "bob", 2)  # after the place to which the peer has read
    primary.write((Key(TABLE), DEFINITION))
    deliver(primary, secondary)
    assert secondary.store.items == primary.store.items
    assert len(secondary.store.items) == 2


def test_a_table_that_is_shared_sends_again_no_more_than_its_own_changes(
    strangers: tuple[Region, Region],
) -> None:
    primary, secondary = strangers
    primary.write((Key("000000000000/other"), DEFINITION))
    for n in range(5):
        primary.write((Key("000000000000/other", "x", "y"), {"n": {"N": str(n)}}))
    put(primary, "ada", 1)
    deliver(primary, secondary)
    primary.write((Key(TABLE), DEFINITION))
    asked = []
    journal, reader = primary.replica.journal_id, secondary.replica.journal_id
    while True:
        missed = secondary.replica.missed(journal)
        batch = primary.replica.batch(secondary.replica.seen(journal), reader, 1_000, missed)
        if not batch.changes and missed is None:
            break
        asked.append([change.key.table for _, change in batch.changes])
        for _ in secondary.replica.take(batch):
            pass
    assert asked[1:] == [[TABLE] * 2]  # its definition and its row, without the other's
    assert secondary.store.items == primary.store.items
    assert secondary.replica.conflicts == 0


def test_a_table_of_the_name_of_a_former_one_has_none_of_its_rows(strangers: tuple[Region, Region]) -> None:
    primary, secondary = strangers
    primary.write((Key(TABLE), DEFINITION))
    put(primary, "former", 1)
    deliver(primary, secondary)
    put(secondary, "theirs", 2)
    deliver(secondary, primary)
    for region in strangers:
        region.write((Key(TABLE), None))
    primary.write((Key(TABLE), {"definition": {}}))
    put(primary, "new", 3)
    primary.write((Key(TABLE), DEFINITION))
    deliver(primary, secondary)
    assert primary.store.items == secondary.store.items == {Key(TABLE, "new", "CURRENT"): {"n": {"N": "3"}}}
    secondary.restart()
    assert secondary.store.items == primary.store.items
    assert all(c.key.partition in ("", "new") for _, c in primary.replica.batch(0, "", 1_000).changes)


def test_a_replica_that_is_made_anew_gets_back_what_its_region_wrote_itself(
    strangers: tuple[Region, Region],
) -> None:
    primary, secondary = strangers
    primary.write((Key(TABLE), DEFINITION))
    deliver(primary, secondary)
    put(secondary, "theirs", 2)
    deliver(secondary, primary)
    secondary.write((Key(TABLE), None))
    primary.write((Key(TABLE), {"definition": {}}))  # no longer shared
    primary.write((Key(TABLE), DEFINITION))
    deliver(primary, secondary)
    assert secondary.store.items == primary.store.items != {}


class TakesRowsOfStrangers(Replica):
    def receive(self, change: Change, journal: str, sequence: int) -> bool:
        store = self._store
        if not change.key.names_table and not store.is_shared(change.key.table):
            self._stamps[change.key] = change.stamp
        return super().receive(change, journal, sequence)


class RemembersRowsThatAreGone(Replica):
    def _note(self, change: Change, sequence: int) -> None:
        self._sharing.note(change, sequence)


class SendsRowsOfFormerTables(Replica):
    def _note(self, change: Change, sequence: int) -> None:
        super()._note(change, sequence)
        self._sharing._ended.clear()


class NeverSendsBack(Replica):
    def _note(self, change: Change, sequence: int) -> None:
        super()._note(change, sequence)
        self._sharing._from.clear()


FORMER = test_a_table_of_the_name_of_a_former_one_has_none_of_its_rows
ANEW = test_a_replica_that_is_made_anew_gets_back_what_its_region_wrote_itself


@pytest.mark.parametrize(
    ("fault", "test"),
    [
        (TakesRowsOfStrangers, test_a_row_that_comes_before_its_table_is_shared_comes_again_with_it),
        (RemembersRowsThatAreGone, ANEW),
        (SendsRowsOfFormerTables, FORMER),
        (NeverSendsBack, ANEW),
    ],
)
def test_a_planted_fault_of_sharing_is_found(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: type[Replica],
    test: Callable[[tuple[Region, Region]], None],
) -> None:
    monkeypatch.setattr(Region, "replica_type", fault)
    clock = [1_000]
    regions = Region(REGIONS[0], tmp_path, clock, Local), Region(REGIONS[1], tmp_path, clock, Local)
    regions[0].write((Key(TABLE), {"definition": {}}))
    with pytest.raises(AssertionError):
        test(regions)
    for region in regions:
        region.journal.close()
