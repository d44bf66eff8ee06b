"""Streams of tables, made of the journal: what was acknowledged before a kill is still in them after it."""

from __future__ import annotations

from ministack.core.concurrency import esm_wake
from ministack.services import dynamodb

from pipeline.local.emulator.change import Item, Key


def record(key: Key, old: Item | None, new: Item | None, *, at: int) -> None:
    """Put a change that the journal has into the stream of its table, if the table has one.

    To be called once for each change in the order of the journal, at `at` µs since the epoch, in the scope of
    the table's account and Region. A stream is then the same again after the journal was read back, and so is
    the place of each record in it, which is its sequence number. What changes nothing leaves no record, as on
    AWS (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html).
    """
    name = key.table.partition("/")[2]
    table = dynamodb._tables.get(name)
    stream = (table or {}).get("StreamSpecification") or {}
    if key.names_table or old == new or not stream.get("StreamEnabled"):
        return
    event = "REMOVE" if new is None else "MODIFY" if old else "INSERT"
    view = stream.get("StreamViewType", "NEW_AND_OLD_IMAGES")
    entry = dynamodb._build_change_record(table, event, old, new, view)
    entry["dynamodb"]["ApproximateCreationDateTime"] = at // 1_000_000
    entry["dynamodb"]["SequenceNumber"] = f"{dynamodb.stream_end_position(name) + 1:021d}"
    dynamodb._stream_records.setdefault(name, []).append(entry)
    esm_wake.set()


def close(name: str, table: Item) -> None:
    """End a table's stream: it was switched off, or the table was deleted."""
    dynamodb.drop_stream_records(name, table)
