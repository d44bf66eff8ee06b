"""The four measures of a month that was written by hand, with answers that were worked out by hand."""

from collections.abc import Callable
from dataclasses import replace
from unittest import mock

import pytest

from pipeline.measures import measures as measures_module
from pipeline.measures.execution import Execution
from pipeline.measures.measures import DAY, Measures, measures
from pipeline.measures.outcome import Outcome, outcomes
from tests.pipeline.measures.executions import MINUTE, broke, execution, passed

HOUR = 60
WINDOW = {"since": 10 * DAY, "until": 20 * DAY}
START = WINDOW["since"] / MINUTE


def at(minutes: float) -> float:
    """Minutes into the window."""
    return START + minutes


# In PROD: fails before the window and is restored in it, after 40 min; four changes pass, of which one is
# taken back later; one fails and is restored after 6 min; one is stopped; and one passes after the window.
HISTORY = [
    execution("a", committed=at(-90), Prod=broke(at(-60), at(-30))),
    execution("b", committed=at(-50), Beta=passed(at(-40), at(-20)), Prod=passed(at(0), at(10))),
    execution("c", committed=at(1000), Beta=passed(at(1005), at(1010)), Prod=passed(at(1020), at(1030))),
    execution("d", committed=at(2000), Beta=passed(at(2005), at(2010)), Prod=broke(at(2020), at(2050))),
    execution("d-back", rollback=True, Prod=passed(at(2051), at(2056))),
    execution("e", committed=at(2990), Prod=[("Stopped", at(3000), None)]),
    execution("f", committed=at(4000), Prod=passed(at(4020), at(4040))),
    execution("f-back", rollback=True, Prod=passed(at(5000), at(5008))),
    execution("g", committed=at(5900), Prod=passed(at(6000), at(6000 + HOUR))),
    execution("h", committed=at(14000), Prod=passed(at(14390), at(14400))),
]
PROD = Measures(
    deployments_per_day=0.4,  # b, c, f and g in 10 days
    lead=50 * MINUTE,  # the median of b 60, c 30, f 40 and g 160 min
    change_failure_rate=0.4,  # d and f, of b, c, d, f and g
    restore=8 * MINUTE,  # the median of a 40, d 6 and f 8 min
)


def measured(history: list[Execution] = HISTORY, stage: str = "Prod") -> Measures:
    return measures(history, stage=stage, since=WINDOW["since"], until=WINDOW["until"])


def test_the_measures_of_the_month_are_those_that_were_worked_out_by_hand() -> None:
    assert measured() == PROD


def test_each_stage_has_measures_of_its_own() -> None:
    assert measured(stage="Beta") == Measures(
        deployments_per_day=0.2, lead=10 * MINUTE, change_failure_rate=0, restore=None
    )


def test_where_nothing_ran_nothing_is_measured() -> None:
    none = Measures(deployments_per_day=None, lead=None, change_failure_rate=None, restore=None)
    assert measured(stage="Gamma") == none
    assert measured([]) == none


def test_where_nothing_passed_there_were_no_deployments_a_day() -> None:
    assert measured([execution("a", committed=at(0), Prod=broke(at(5), at(10)))]) == Measures(
        deployments_per_day=0, lead=None, change_failure_rate=1, restore=None
    )


def test_what_is_taken_back_after_the_window_failed_in_it() -> None:
    history = [*HISTORY, execution("h-back", rollback=True, Prod=passed(at(14500), at(14510)))]
    early = measures(history, stage="Prod", since=at(13000) * MINUTE, until=at(14401) * MINUTE)
    assert early.change_failure_rate == 1


def test_a_window_that_is_empty_is_refused() -> None:
    with pytest.raises(ValueError, match="since must be before until"):
        measures(HISTORY, stage="Prod", since=5, until=5)


Wrong = Callable[[Outcome], Outcome]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        pytest.param(
            "deployments_per_day", lambda o: replace(o, deployed=o.restored is not None), id="only repairs"
        ),
        pytest.param("deployments_per_day", lambda o: replace(o, deployed=True), id="failures too"),
        pytest.param("lead", lambda o: replace(o, lead=o.lead and o.lead + 1), id="longer"),
        pytest.param("lead", lambda o: replace(o, lead=o.lead or 0.0), id="without a commit"),
        pytest.param(
            "change_failure_rate", lambda o: replace(o, failed=o.failed and o.judged), id="taken back is good"
        ),
        pytest.param(
            "change_failure_rate", lambda o: replace(o, judged=o.execution_id), id="rollbacks as changes"
        ),
        pytest.param(
            "restore", lambda o: replace(o, restored=None if o.deployed else o.restored), id="rolled"
        ),
        pytest.param("restore", lambda o: replace(o, restored=o.restored or 0.0), id="without a failure"),
    ],
)
def test_a_wrong_outcome_would_be_found_in_its_measure(field: str, wrong: Wrong) -> None:
    def planted(executions: list[Execution], *, stage: str) -> list[Outcome]:
        return [wrong(each) for each in outcomes(executions, stage=stage)]

    with mock.patch.object(measures_module, "outcomes", planted):
        assert getattr(measured(), field) != getattr(PROD, field)


def test_a_mean_instead_of_a_median_would_be_found() -> None:
    with mock.patch.object(measures_module, "median", lambda known: sum(known) / len(known)):
        found = measured()
    assert found.lead != PROD.lead
    assert found.restore != PROD.restore
