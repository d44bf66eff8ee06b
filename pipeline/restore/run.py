"""Takes the steps of a restore, one after the other, while clients work."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.drill.client import Client
from pipeline.drill.clock import Clock
from pipeline.drill.diary import Diary, Line, StepBegan, StepEnded
from pipeline.drill.run import NotInTimeError
from pipeline.drill.sampling import sampling
from pipeline.restore.place import RestorePlace
from pipeline.restore.scenario import Scenario
from pipeline.restore.step import Do
from pipeline.restore.steps import Steps, Tell


class Run:
    """One restore under way: `take_all` takes the steps, with `clients` at work.

    What fails before the cut over ends it there: nobody may be served by a table that is not known to be
    sound and whole. After it, a step that waits in vain is noted, and the next one is taken.
    """

    def __init__(
        self,
        scenario: Scenario,
        place: RestorePlace,
        steps: Steps,
        *,
        diary: Diary,
        clock: Clock,
        tell: Tell,
    ) -> None:
        self._scenario = scenario
        self._place = place
        self._steps = steps
        self._diary = diary
        self._clock = clock
        self._tell = tell

    async def take_all(self, clients: Sequence[Client]) -> None:
        """Take every step, or as many as may be; raises FaultError, ProbeError and botocore's errors."""
        planned = self._scenario.steps
        cut_over = next((number for number, step in enumerate(planned) if step.do is Do.CUT_OVER), -1)
        async with sampling(self._place.place, self._diary, self._clock):
            for number, step in enumerate(planned):
                self._tell(f"{number + 1}/{len(planned)} {step.do}: {step.why}")
                self._diary.add(Line(began=StepBegan(at=self._clock.now(), step=number)))
                done, note = True, ""
                try:
                    note = await self._steps.take(step, clients)
                except NotInTimeError as late:
                    done, note = False, str(late)
                    self._tell(f"    not done: {note}")
                self._diary.add(
                    Line(ended=StepEnded(at=self._clock.now(), step=number, done=done, note=note))
                )
                if not done and number < cut_over:
                    self._tell("    the restore ends here: nothing is cut over")
                    return
