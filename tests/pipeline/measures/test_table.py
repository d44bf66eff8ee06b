"""The table of `make status`."""

import pytest

from pipeline.measures.measures import DAY
from pipeline.measures.table import WINDOW_DAYS, lines, table
from tests.pipeline.measures.executions import MINUTE, broke, execution, passed

NOW = 100 * DAY
AGO = NOW / MINUTE


def test_a_stage_has_a_row_and_one_without_data_has_dashes() -> None:
    history = [
        execution(
            str(each), committed=AGO - 400 * each - 250, Local=passed(AGO - 400 * each - 20, AGO - 400 * each)
        )
        for each in range(1, 46)
    ]
    history.append(execution("last", Local=broke(AGO - 60, AGO - 50)))
    history.append(execution("back", rollback=True, Local=passed(AGO - 50, AGO - 49)))
    rows = table(history, stages=["Local", "Localprod"], now=NOW)
    assert lines(rows) == [
        "stage      deployments  lead time  change failures  time to restore",
        "Local      1.5 a day    4 h        2%               60 s",
        "Localprod  –            –          –                –",  # noqa: RUF001 - as the table has it
    ]


def test_what_was_before_the_window_is_not_in_it() -> None:
    before = AGO - WINDOW_DAYS * DAY / MINUTE
    assert table([execution("a", Local=passed(before - 9, before - 1))], stages=["Local"], now=NOW) == table(
        [], stages=["Local"], now=NOW
    )


@pytest.mark.parametrize(
    ("minutes", "text"), [(1, "60 s"), (2, "2 min"), (89, "89 min"), (120, "2 h"), (60 * 24 * 3, "3.0 d")]
)
def test_a_duration_is_told_in_the_unit_that_suits_it(minutes: float, text: str) -> None:
    history = [execution("a", committed=AGO - 1 - minutes, Local=passed(AGO - 2, AGO - 1))]
    (row,) = table(history, stages=["Local"], now=NOW)
    assert row.lead == text
    assert row.measures.lead == minutes * MINUTE
