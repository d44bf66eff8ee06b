import json
from collections.abc import Mapping

import pytest

from lambdas.recovery.handlers import replay
from lambdas.recovery.handlers.replay import InvalidReplay, handler
from tests.lambdas.recovery.replaying import FORMER, RESTORED, Service


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    """A service that was restored, and whose ada was then rewritten and changed."""
    service = Service()
    service.create("ada", age=36)
    service.snapshot()
    service.rewrite("ada")
    service.update("ada", age=37)
    monkeypatch.setattr(replay, "BotoCall", lambda **_settings: service.tables)
    monkeypatch.setattr(replay, "region", lambda: "eu-west-1")
    return service


def test_the_result_says_what_was_done_and_the_log_names_nobody(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    service.create("grace", email="grace@rewritten.invalid")
    result = handler(asked(corrupt={"field": "email", "pattern": r".*@rewritten\.invalid"}), None)
    counts = {"replayed": 2, "rebased": 1, "corrupt": 1, "deleted": 0, "receipts": 0}
    (conflict,) = result.pop("conflicts")
    assert result == counts
    assert (conflict["user_id"], sorted(conflict)) == ("grace", ["user_id", "version_id", "why"])
    line = capsys.readouterr().out
    assert counts.items() <= json.loads(line).items()
    assert "grace" not in line


def test_without_a_corruption_bad_values_come_over_too(service: Service) -> None:
    assert handler(asked(corrupt=None), None)["replayed"] == 2
    assert service.restored("ada").profile.email == "ada@rewritten.invalid"


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"from": FORMER, "to": RESTORED},
        {"from": FORMER, "to": RESTORED, "corrupted": None},
        {"from": FORMER, "to": FORMER, "corrupt": None},
        {"from": "", "to": RESTORED, "corrupt": None},
        {"from": FORMER, "to": 1, "corrupt": None},
        {"from": FORMER, "to": RESTORED, "corrupt": {"field": "mail", "pattern": "x"}},
        {"from": FORMER, "to": RESTORED, "corrupt": {"field": "email", "pattern": "("}},
        {"from": FORMER, "to": RESTORED, "corrupt": {"field": "email"}},
        {"from": FORMER, "to": RESTORED, "corrupt": {"field": "email", "pattern": 1}},
        {"from": FORMER, "to": RESTORED, "corrupt": "email"},
    ],
)
def test_an_event_that_may_mean_something_else_writes_nothing(
    service: Service, event: Mapping[str, object]
) -> None:
    before = service.tables.writes
    with pytest.raises(InvalidReplay):
        handler(event, None)
    assert service.tables.writes == before


def asked(*, corrupt: Mapping[str, str] | None) -> Mapping[str, object]:
    return {"from": FORMER, "to": RESTORED, "corrupt": corrupt}
