"""The four measures of delivery to one stage of a pipeline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from pipeline.measures.execution import Execution
from pipeline.measures.outcome import outcomes

DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class Measures:
    """DORA's four keys of one stage (https://dora.dev/guides/dora-metrics-four-keys/), None without data.

    - `deployments_per_day`: runs of the stage that brought a change and succeeded, per day of the window.
      DORA asks how often changes are deployed; 0 where the stage ran, and none succeeded.
    - `lead`: median seconds from a commit to the first success of the stage with it. DORA counts each commit;
      a history names the last one of a push, so earlier ones of the same push are not in it.
    - `change_failure_rate`: of the changes that the stage first gave a verdict on, the share (0 to 1) that it
      failed for, or that were rolled back later. DORA counts what needs intervention after it was deployed.
    - `restore`: median seconds from a failure of the stage to its next success. DORA counts from a failed
      deployment to the recovery from it.

    Which runs count, and how, is said at `outcomes`.
    """

    deployments_per_day: float | None
    lead: float | None
    change_failure_rate: float | None
    restore: float | None


def measures(executions: Iterable[Execution], *, stage: str, since: float, until: float) -> Measures:
    """Measure the runs of a stage that ended within a window, from `since` to before `until` (epoch seconds).

    What lies before the window is looked at too: a failure may have begun there. Raises ValueError for a
    window that is empty.
    """
    if since >= until:
        raise ValueError("since must be before until.")
    every = outcomes(executions, stage=stage)
    within = [each for each in every if since <= each.ended_at < until]
    deployments = sum(each.deployed for each in within)
    changes = {each.judged for each in within if each.judged}
    failed = {each.failed for each in every if each.failed}
    return Measures(
        deployments_per_day=deployments * DAY / (until - since) if within else None,
        lead=_median(each.lead for each in within),
        change_failure_rate=len(changes & failed) / len(changes) if changes else None,
        restore=_median(each.restored for each in within),
    )


def _median(values: Iterable[float | None]) -> float | None:
    """The median of those that there are."""
    known = [value for value in values if value is not None]
    return median(known) if known else None
