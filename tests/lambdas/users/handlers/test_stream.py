"""The stream's handler: what is told, what is tried again, and that no profile leaves."""

import io
import json
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger

from lambdas.users.adapters.bus import EventBus
from lambdas.users.handlers import stream as handlers
from lambdas.users.handlers.stream import Relay
from lambdas.users.settings import InvalidSettings, StreamSettings
from tests.lambdas.conftest import REGION
from tests.lambdas.users import stream
from tests.lambdas.users.stream import PROFILE, Record


class Bus:
    """EventBridge; it takes everything but what is about the users in `refuses`."""

    def __init__(self) -> None:
        self.entries: list[dict[str, str]] = []
        self.refuses: set[str] = set()

    def put_events(self, *, Entries: Sequence[dict[str, str]]) -> dict[str, Any]:  # noqa: N803 - AWS's name
        results: list[dict[str, str]] = []
        for entry in Entries:
            if json.loads(entry["Detail"])["user_id"] in self.refuses:
                results.append({"ErrorCode": "ThrottlingException", "ErrorMessage": entry["Detail"]})
            else:
                self.entries.append(entry)
                results.append({"EventId": str(uuid4())})
        return {"FailedEntryCount": len(self.refuses), "Entries": results}

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(entry["DetailType"], json.loads(entry["Detail"])["user_id"]) for entry in self.entries]


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def log() -> io.StringIO:
    return io.StringIO()


@pytest.fixture(autouse=True)
def wired(bus: Bus, log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    logger = Logger(service=f"users-{uuid4()}", stream=log, location=None)
    relay = Relay(region=REGION, bus=EventBus("users", bus), logger=logger)
    monkeypatch.setattr(handlers, "relay", lambda: relay)


def deliver(*records: Record) -> list[str]:
    """Call the handler as Lambda does; returns the sequence numbers that it reports."""
    answer = handlers.handler(stream.batch(*records), None)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def number(record: Record) -> str:
    sequence_number: str = record["dynamodb"]["SequenceNumber"]
    return sequence_number


def life(user_id: str = "ada", *, region: str = REGION) -> list[Record]:
    made = stream.new(user_id, region=region)
    changed = stream.later(made, {"name": "Ada King", "phone": "+44 20 7946 0111"}, region=region)
    return [
        *stream.creation(made),
        *stream.update(made, changed),
        *stream.removal(changed, region=region),
    ]


def test_each_change_is_one_event_in_its_order(bus: Bus) -> None:
    assert deliver(*life()) == []
    assert bus.told == [("user.created", "ada"), ("user.updated", "ada"), ("user.deleted", "ada")]


def test_another_regions_changes_are_told_there(bus: Bus) -> None:
    assert deliver(*life(region="eu-central-1")) == []
    assert bus.told == []


def test_a_record_that_comes_twice_is_told_twice_with_one_version_id(bus: Bus) -> None:
    created = stream.creation(stream.new())
    deliver(*created)
    deliver(*created)
    details = [json.loads(entry["Detail"]) for entry in bus.entries]
    assert len(details) == 2
    assert details[0] == details[1]


def test_no_event_and_no_log_line_holds_what_a_user_says_of_themselves(bus: Bus, log: io.StringIO) -> None:
    bus.refuses = {"charles"}
    deliver(*life())
    deliver(*life("charles"))
    said = json.dumps(bus.entries) + log.getvalue()
    secrets = {str(value) for value in PROFILE.values() if isinstance(value, str)} | {"Ada King", "0111"}
    assert [secret for secret in secrets if secret in said] == []
    assert "36" not in [str(value) for entry in bus.entries for value in json.loads(entry["Detail"]).values()]
    assert "ada" not in log.getvalue()


def test_what_the_bus_refuses_is_reported_with_all_after_it(bus: Bus) -> None:
    records = [stream.creation(stream.new(user_id))[0] for user_id in ("ada", "charles", "mary")]
    bus.refuses = {"charles"}
    assert deliver(*records) == [number(records[1])]


def test_what_was_reported_is_told_when_it_comes_again(bus: Bus) -> None:
    records = [stream.creation(stream.new(f"user-{count}"))[0] for count in range(25)]
    bus.refuses = {"user-12"}
    (stopped_at,) = deliver(*records)
    assert stopped_at == number(records[12])
    bus.refuses = set()
    assert deliver(*records[12:]) == []
    assert {user_id for _, user_id in bus.told} == {f"user-{count}" for count in range(25)}


def test_a_record_that_cannot_be_read_is_reported_after_those_before_it_are_told(bus: Bus) -> None:
    good, bad = (stream.creation(stream.new(user_id))[0] for user_id in ("ada", "charles"))
    del bad["dynamodb"]["NewImage"]["version_id"]
    assert deliver(good, bad, good) == [number(bad)]
    assert bus.told == [("user.created", "ada")]


def test_a_batch_is_one_line_in_the_log(log: io.StringIO) -> None:
    records = life()
    deliver(*records)
    (line,) = map(json.loads, log.getvalue().splitlines())
    assert (line["level"], line["message"], line["region"]) == ("INFO", "stream batch", REGION)
    assert (line["records"], line["published"]) == (len(records), 3)


def test_a_batch_that_stops_is_an_error_in_the_log(bus: Bus, log: io.StringIO) -> None:
    bus.refuses = {"ada"}
    record = stream.creation(stream.new())[0]
    deliver(record)
    (line,) = map(json.loads, log.getvalue().splitlines())
    assert (line["level"], line["published"]) == ("ERROR", 0)
    assert (line["stopped_at"], line["refusal"]) == (number(record), "ThrottlingException")


def test_the_environment_names_the_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "EVENT_BUS_NAME"):
        monkeypatch.setenv(name, "users-bus")
    monkeypatch.setenv("AWS_REGION", REGION)
    handlers.relay.cache_clear()
    assert handlers.relay().region == REGION
    handlers.relay.cache_clear()


@pytest.mark.parametrize("name", ["EVENT_BUS_NAME", "AWS_REGION"])
def test_a_variable_that_is_missing_is_named(name: str) -> None:
    environment = {"EVENT_BUS_NAME": "users-bus", "AWS_REGION": REGION}
    assert StreamSettings.from_environment(environment).event_bus_name == "users-bus"
    with pytest.raises(InvalidSettings, match=f"^The environment variable {name} is not set.$"):
        StreamSettings.from_environment({**environment, name: ""})
