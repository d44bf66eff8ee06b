"""A replay in an emulated Region: what is asked of DynamoDB is understood by more than a dictionary."""

from collections.abc import Iterator

import pytest

from lambdas.recovery.handlers.replay import handler
from lambdas.users.adapters.boto import BotoCall
from lambdas.users.adapters.call import DynamoCall
from tests.conftest import LoneRegion
from tests.contract.conftest import REGION, users_table
from tests.lambdas.recovery.dictionary import Key, Row, key_of
from tests.lambdas.recovery.replaying import FORMER, RESTORED, Service


@pytest.fixture
def call(lone_region: LoneRegion, monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoCall]:
    """The road to an emulated Region, in the environment of a function there."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", lone_region.place.aws_url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "000000000000")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_REGION", REGION)
    yield BotoCall(region=REGION, connect_seconds=1, read_seconds=10, attempts=3)


def test_a_region_makes_of_a_replay_what_the_dictionary_does(call: DynamoCall) -> None:
    service = corrupted()
    with users_table() as former, users_table() as restored:
        put(call, former, service.tables.rows(FORMER))
        put(call, restored, service.tables.rows(RESTORED))
        event = {
            "from": former,
            "to": restored,
            "corrupt": {"field": "email", "pattern": r".*@rewritten\.invalid"},
        }
        counts = handler(event, None)
        service.replay()
        assert rows(call, restored) == service.tables.tables[RESTORED]
        assert counts == {
            "replayed": 3,
            "rebased": 2,
            "corrupt": 1,
            "deleted": 2,
            "receipts": 2,
            "conflicts": [],
        }
        again = handler(event, None)
        assert (again["replayed"], again["deleted"], again["receipts"]) == (0, 0, 0)
        assert rows(call, restored) == service.tables.tables[RESTORED]


def corrupted() -> Service:
    """Have one of everything happen after the restore point."""
    service = Service()
    for name in ("ada", "alan", "grace"):
        service.create(name)
    service.snapshot()
    service.rewrite("ada")
    service.update("ada", age=1)
    service.update("ada", email="lovelace@example.com")
    service.delete("alan")
    service.script_removes("grace")
    service.create("edith", receipt="one")
    service.create("zoe", receipt="two")
    service.delete("zoe")
    return service


def put(call: DynamoCall, table: str, wanted: list[Row]) -> None:
    for row in wanted:
        call("PutItem", {"TableName": table, "Item": row})


def rows(call: DynamoCall, table: str) -> dict[Key, Row]:
    return {key_of(row): row for row in call("Scan", {"TableName": table, "ConsistentRead": True})["Items"]}
