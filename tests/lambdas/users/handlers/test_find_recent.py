import pytest

from tests.lambdas.asking import PEOPLE, ask, ids, pages
from tests.lambdas.gateway import Call

pytestmark = pytest.mark.usefixtures("people")


def test_whoever_was_created_last_comes_first(call: Call) -> None:
    answer = ask(call, "query_recent_users")
    assert set(ids(answer)) == {user["user_id"] for user in PEOPLE}
    assert answer.json["timeframe"] == "Last 24 hours"
    assert answer.json["cutoff_time"] == "2029-12-31T12:00:00.000000Z"


@pytest.mark.parametrize("hours", ["0", "-1", "87601", "1.5", "day", ""])
def test_hours_that_make_no_sense_are_refused(call: Call, hours: str) -> None:
    refused = ask(call, "query_recent_users", hours=hours)
    assert refused.json["error"] == "Invalid parameter: 'hours' must be an integer from 1 to 87600"


def test_pages_hold_everybody_once(call: Call) -> None:
    found = [user for page in pages(call, "query_recent_users", limit=2) for user in ids(page)]
    assert sorted(found) == sorted(str(user["user_id"]) for user in PEOPLE)
    assert ask(call, "query_recent_users", limit=1000).status == 200
