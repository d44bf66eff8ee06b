"""Event source mappings of streams, as Lambda reads them: in order, at least once, on from where it was."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ministack.core.arn import parse_arn
from ministack.core.responses import request_scope
from ministack.services import dynamodb, lambda_svc

Mapping = dict[str, Any]
Record = dict[str, Any]

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0


class Trouble(NamedTuple):
    """A batch that fails: where it begins, how often it was tried, how many records go next, and when."""

    position: int
    tries: int
    limit: int
    not_before: float


class StreamReader:
    """Reads each mapping's stream; its positions are on disk, and survive the process.

    The emulator's own reader forgets nothing but counts in memory, takes a partial failure for a success, and
    tries a failed batch whole and for ever. This one begins again at the record that a function reports, or
    with half of a batch that failed, and gives up to the mapping's destination
    (https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._positions: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
        self._troubles: dict[str, Trouble] = {}

    def attach(self) -> None:
        """Read in place of the emulator, on its thread; the name is private, so a test holds it."""
        lambda_svc._poll_dynamodb_streams = self.poll

    def poll(self) -> bool:
        """Serve each mapping one batch, and return whether any got further."""
        moved = False
        for account, region, mapping in lambda_svc._iter_all_esms():
            with request_scope(account, region):
                moved = self._serve(mapping) or moved
        return moved

    def _serve(self, mapping: Mapping) -> bool:
        source, function = mapping["EventSourceArn"], _function(mapping)
        table = _table_of(source)
        trouble = self._troubles.get(mapping["UUID"])
        if not table or not function or (trouble and trouble.not_before > time.monotonic()):
            return False
        position = self._position(mapping, table)
        size = trouble.limit if trouble else int(mapping["BatchSize"])
        records = dynamodb.stream_records_since(table, position, size)
        wanted = lambda_svc._apply_filter_criteria(records, mapping)
        if not wanted:
            return self._advance(mapping, position, len(records))
        result = lambda_svc._execute_function(function, {"Records": wanted})
        failed = _first_failed(result, wanted)
        mapping["LastProcessingResult"] = "OK" if failed is None else "PROBLEM: Function call failed"
        if failed is None:
            return self._advance(mapping, position, len(records))
        moved = self._advance(mapping, position, records.index(failed))
        rest = wanted[wanted.index(failed) :]
        return self._hold(mapping, function, rest, result, whole=len(rest) == len(wanted)) or moved

    def _hold(
        self, mapping: Mapping, function: Mapping, rest: Sequence[Record], result: Mapping, *, whole: bool
    ) -> bool:
        """Have a failed batch wait for its next try, or give it up; return whether it was given up."""
        uuid, position = mapping["UUID"], self._positions[mapping["UUID"]]
        last = self._troubles.get(uuid)
        tries = last.tries + 1 if last and last.position == position else 1
        if reason := _given_up(mapping, rest, tries):
            lambda_svc._send_ddb_stream_failure_record(
                mapping, function, rest, mapping["EventSourceArn"], result, reason
            )
            records = dynamodb.stream_records_since(_table_of(mapping["EventSourceArn"]), position, 10_000)
            return self._advance(mapping, position, records.index(rest[-1]) + 1)
        halved = whole and mapping.get("BisectBatchOnFunctionError")
        limit = max(1, len(rest) // 2) if halved else int(mapping["BatchSize"])
        pause = min(FIRST_PAUSE_S * 2 ** min(tries - 1, 10), LONGEST_PAUSE_S)
        self._troubles[uuid] = Trouble(position, tries, limit, time.monotonic() + pause)
        return False

    def _position(self, mapping: Mapping, table: str) -> int:
        """Return where to read on: at the oldest record where the known place is gone, or was elsewhere."""
        first, end = dynamodb.stream_start_position(table), dynamodb.stream_end_position(table)
        start = first if mapping.get("StartingPosition") == "TRIM_HORIZON" else end
        known = self._positions.setdefault(mapping["UUID"], start)
        return known if first <= known <= end else first

    def _advance(self, mapping: Mapping, position: int, count: int) -> bool:
        """Note on disk that all before a place is done, and return whether that is further than before."""
        uuid = mapping["UUID"]
        if count:
            self._troubles.pop(uuid, None)
        if self._positions.get(uuid) != position + count or not self._path.exists():
            self._positions[uuid] = position + count
            temporary = self._path.with_suffix(".new")
            temporary.write_text(json.dumps(self._positions))
            temporary.replace(self._path)
        return count > 0


def _table_of(stream_arn: str) -> str:
    """Return the table whose stream this is now, or nothing."""
    source = parse_arn(stream_arn)
    if source.service != "dynamodb":
        return ""
    name = str(source.resource.split("/")[1])
    table = dynamodb._tables.get(name)
    return name if table and table.get("LatestStreamArn") == stream_arn else ""


def _function(mapping: Mapping) -> Mapping | None:
    """Return the function that a mapping calls, if both can be used."""
    if not mapping.get("Enabled", True):
        return None
    function: Mapping | None
    function, _ = lambda_svc._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
    return function


def _first_failed(result: Mapping, records: Sequence[Record]) -> Record | None:
    """Return the first record that was not processed: all before it count as done."""
    if result.get("error"):
        return records[0]
    body = result.get("body")
    answer = json.loads(body) if isinstance(body, str | bytes) and body else body
    failures = (answer or {}).get("batchItemFailures") or [] if isinstance(answer, dict) else []
    named = {failure.get("itemIdentifier") for failure in failures}
    return next((record for record in records if record["dynamodb"]["SequenceNumber"] in named), None)


def _given_up(mapping: Mapping, records: Sequence[Record], tries: int) -> str | None:
    """Return why a batch is not tried again, or None where it is."""
    oldest = records[0]["dynamodb"]["ApproximateCreationDateTime"]
    age, retries = int(mapping.get("MaximumRecordAgeInSeconds", -1)), mapping.get("MaximumRetryAttempts", -1)
    if 0 < age < time.time() - oldest:
        return "MaxRecordAgeExceeded"
    return "RetryAttemptsExhausted" if 0 <= int(retries) < tries else None
