"""Runs in the emulator's own environment: `expiry.py JOURNAL write|reap|read`, one life of a Region each.

`write` makes two tables, one with a TTL and an item past its time; `reap` lets the emulator's reaper go round
once, without the minute that it waits before; `read` does nothing. Each prints the ids that are there then.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from ministack.core.responses import request_scope
from ministack.services import dynamodb

from pipeline.local.emulator.journal import Journal
from pipeline.local.emulator.replica import Replica
from pipeline.local.emulator.tables import Tables

ACCOUNT, REGION = "000000000000", "eu-west-1"
KEY = {
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}


def write(tables: Tables) -> None:
    for table in ("plain", "expiring"):
        dynamodb._create_table({"TableName": table, **KEY})
    ttl = {"Enabled": True, "AttributeName": "expires_at"}
    dynamodb._update_ttl({"TableName": "expiring", "TimeToLiveSpecification": ttl})
    tables.record_definitions()
    for id_, expires_at in (("past", 1), ("future", int(time.time()) + 10_000)):
        item = {"id": {"S": id_}, "expires_at": {"N": str(expires_at)}}
        dynamodb._put_item({"TableName": "expiring", "Item": item})


def reap(_: Tables) -> None:
    waits = iter([60])

    def sleep(_: float) -> None:
        if next(waits, None) is None:
            raise StopIteration

    dynamodb.time = SimpleNamespace(sleep=sleep, time=time.time)
    try:
        dynamodb._ttl_reaper()
    except StopIteration:
        dynamodb.time = time


LIVES: dict[str, list[Callable[[Tables], None]]] = {"write": [write], "reap": [reap], "read": []}


def main() -> None:
    journal, life = sys.argv[1:]
    tables = Tables(REGION)
    replica = Replica(REGION, Journal(Path(journal), REGION), tables, lambda: time.time_ns() // 1_000)
    replica.restore()
    tables.attach(replica)
    with request_scope(ACCOUNT, REGION):
        for act in LIVES[life]:
            act(tables)
        json.dump(sorted(dynamodb._tables["expiring"]["items"]), sys.stdout)


if __name__ == "__main__":
    main()
