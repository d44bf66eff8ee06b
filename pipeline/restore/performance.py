"""One restore from the first user to the last thing put right."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field

from pipeline.drill.client import Pace
from pipeline.drill.clock import Clock
from pipeline.drill.diary import Diary, Line, Restored
from pipeline.drill.ledger import Ledger
from pipeline.drill.load import load
from pipeline.drill.performance import PATIENCE_S, Guard
from pipeline.drill.rows import Table
from pipeline.drill.run import to_its_end
from pipeline.drill.step import Role
from pipeline.restore.acts import Acts
from pipeline.restore.crowd import gather
from pipeline.restore.folder import Folder
from pipeline.restore.functions import Functions
from pipeline.restore.hand import Hand
from pipeline.restore.judgement import rows
from pipeline.restore.place import RestorePlace
from pipeline.restore.run import Run
from pipeline.restore.scenario import Scenario
from pipeline.restore.steps import Steps
from pipeline.restore.user import UserSteps

Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Performance:
    """A restore, to be performed at a place, with so many `users` who are there beforehand.

    `guard` has somebody else watch: for as long as its block lasts, what is on record is put right even if
    this process is killed.
    """

    scenario: Scenario
    place: RestorePlace
    folder: Folder
    guard: Guard
    tell: Tell
    users: int
    clock: Clock = field(default_factory=Clock)

    async def perform(self) -> Table:
        """Take every step under load, and return what was there before the first.

        However it ends, what is on record then is put right: see Acts.undo. Raises FaultError, ProbeError,
        OSError and botocore's errors, after that.
        """
        diary = Diary(self.folder.diary)
        acts = Acts(self.place, self.folder, self.clock)
        with closing(Ledger(self.folder.ledger)) as ledger, self.place.http() as http:
            name = self.folder.path.name
            hand = Hand(name=f"{name}-hand", http=http, ledger=ledger, clock=self.clock)
            self.tell(f"{self.users:,} users are made")
            crowd = await to_its_end(lambda size: gather(hand, size), self.users)
            before = await rows(self.place, Role.PRIMARY, self.place.former)
            user = self._user(hand, acts, crowd[0])
            with self.guard(self.folder):
                try:
                    await self._under_load(acts, user, diary, ledger)
                finally:
                    acts.undo(self._mention)  # in this thread: nothing that cancels it may come between
                    diary.add(Line(restored=Restored(at=self.clock.now(), by="drill")))
        return before

    async def _under_load(self, acts: Acts, user: UserSteps, diary: Diary, ledger: Ledger) -> None:
        drill, probes, clock = self.folder.path.name, self.place.place.probes, self.clock
        functions = Functions(place=self.place, folder=self.folder)
        steps = Steps(self.place, self.folder, acts, functions, user, clock)
        run = Run(self.scenario, self.place, steps, diary=diary, clock=clock, tell=self.tell)
        async with load(drill, probes, ledger, clock, Pace(timeout_s=PATIENCE_S)) as clients:
            await run.take_all(clients)

    def _user(self, hand: Hand, acts: Acts, user_id: str) -> UserSteps:
        return UserSteps(
            user_id=user_id,
            hand=hand,
            place=self.place,
            damages=self.folder.damages,
            acts=acts,
            clock=self.clock,
        )

    def _mention(self, line: str) -> None:
        """Tell, unless nobody listens any more: that must not keep anything from being put right."""
        with suppress(OSError):
            self.tell(line)
