"""Two Regions that write, pause, die and hear each other late, twice or out of order end up the same."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from pipeline.local.emulator.change import Change, Item, Key, Stamp
from pipeline.local.emulator.replica import Batch, Missed, Replica
from tests.pipeline.local.emulator.followers import REGIONS, Region, deliver, put
from tests.pipeline.local.emulator.rows import DEFINITION, TABLE

rows = st.sampled_from([Key(TABLE, "ada", "CURRENT"), Key(TABLE, "ada", "1"), Key(TABLE, "bob", "CURRENT")])
values = st.none() | st.integers(0, 99).map(lambda n: {"n": {"N": str(n)}})


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
