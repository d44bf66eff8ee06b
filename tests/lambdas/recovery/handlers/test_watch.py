"""Every measure that can be taken is published, whatever fails beside it."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from lambdas.recovery import bootstrap
from lambdas.recovery.handlers.watch import MeasuresMissing, handler
from lambdas.recovery.settings import WatchSettings
from lambdas.users.settings import InvalidSettings
from tests.lambdas.recovery.standing import PREFIX, Ground
from tests.lambdas.recovery.vault import Vault, job, point
from tests.lambdas.recovery.watching import WATCH, measures

Lines = Callable[[], list[dict[str, Any]]]


def watched(monkeypatch: pytest.MonkeyPatch, vault: Vault, ground: Ground | None = None) -> None:
    watch = measures(vault, ground)
    monkeypatch.setattr(bootstrap, "watch", lambda: watch)


def names(line: dict[str, Any]) -> list[str]:
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    return sorted(metric["Name"] for metric in directive["Metrics"])


def test_all_measures_are_published_and_returned(monkeypatch: pytest.MonkeyPatch, printed: Lines) -> None:
    watched(monkeypatch, Vault(points=[point(2)], jobs=[job(101)]))
    taken = handler({}, None)
    assert taken == {
        "RecoveryPointAgeHours": 2,
        "HoursSinceValidation": 100,
        "OptedIn": 1,
        "LeftOverTables": 0,
    }
    (line,) = printed()
    assert names(line) == sorted(taken)
    assert {name: line[name] for name in taken} == {name: [value] for name, value in taken.items()}


def test_what_nobody_knows_is_not_published(monkeypatch: pytest.MonkeyPatch, printed: Lines) -> None:
    watched(monkeypatch, Vault())
    assert handler({}, None) == {"OptedIn": 1, "LeftOverTables": 0}
    assert names(printed()[0]) == ["LeftOverTables", "OptedIn"]


def test_tables_that_were_cleared_or_could_not_be_are_in_the_log(
    monkeypatch: pytest.MonkeyPatch, printed: Lines
) -> None:
    ground = Ground()
    ground.add(f"{PREFIX}1", hours=25)
    ground.add(f"{PREFIX}2", hours=25, protected=True)
    watched(monkeypatch, Vault(), ground)
    assert handler({}, None)["LeftOverTables"] == 2
    (line,) = printed()
    assert (line["cleared"], line["protected"]) == ([f"{PREFIX}1"], [f"{PREFIX}2"])


def test_where_backup_does_not_answer_tables_are_cleared_and_the_call_fails(
    monkeypatch: pytest.MonkeyPatch, printed: Lines
) -> None:
    ground = Ground()
    ground.add(f"{PREFIX}1", hours=25)
    watched(monkeypatch, Vault(failure=EndpointConnectionError(endpoint_url="https://backup")), ground)
    missing = "^RecoveryPointAgeHours, HoursSinceValidation, OptedIn$"
    with pytest.raises(MeasuresMissing, match=missing):
        handler({}, None)
    (line,) = printed()
    assert names(line) == ["LeftOverTables"]
    assert line["failed"]["OptedIn"] == "no answer: EndpointConnectionError"
    assert ground.names == []


def test_where_tables_cannot_be_listed_backups_are_measured_all_the_same(
    monkeypatch: pytest.MonkeyPatch, printed: Lines
) -> None:
    watched(monkeypatch, Vault(points=[point(2)]), Ground(denies="AccessDeniedException"))
    with pytest.raises(MeasuresMissing, match=r"^LeftOverTables$"):
        handler({}, None)
    assert names(printed()[0]) == ["OptedIn", "RecoveryPointAgeHours"]


def test_the_environment_says_what_to_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    for name, value in WATCH.items():
        monkeypatch.setenv(name, value)
    assert bootstrap.watch().settings == WatchSettings.from_environment(WATCH)
    monkeypatch.delenv("VAULT")
    with pytest.raises(InvalidSettings, match="VAULT"):
        bootstrap.watch()
