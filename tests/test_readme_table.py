"""What the README says of the API leads somewhere: a call to its route, a concept to its request and file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pytest

from lambdas.users.handlers import batch, crud, query
from pipeline.local.layout import ROOT
from tests.e2e.walk import Step, steps

README = (ROOT / "README.md").read_text()

# By concept, the operations, properties and conditions that bear it: one at least in each of its files.
MARKS: Mapping[str, Sequence[str]] = {
    "primary key": ['"GetItem"'],
    "index (GSI)": ["global_secondary_indexes=", '"IndexName": EMAIL_INDEX'],
    "query against scan": ['"#shard = :shard"', '"Scan"'],
    "batch": ['"BatchGetItem"', '"BatchWriteItem"'],
    "versions": ['"version_id = :version_id"', '"ScanIndexForward": False'],
    "filter expressions": ['"FilterExpression"'],
    "transactions": ['"TransactWriteItems"'],
    "streams": ["CfnEventSourceMapping", '"NewImage"'],
    "TTL": ["time_to_live_attribute=", '"expires_at"'],
    "global tables": ["TableV2", "replicas="],
}


class Row(NamedTuple):
    """One row of the table of concepts."""

    concept: str
    requests: Sequence[str]
    files: Sequence[str]


def section(readme: str, title: str) -> str:
    """The text of a section of the README."""
    return readme.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def cells(text: str) -> list[list[str]]:
    """The rows of the tables in a text, without their headings."""
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line] for line in lines if set(line[0]) != {"-"}][1:]


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def names(step: Step) -> Iterator[str]:
    """What the README may call a request: method and path, alone or with its operation or a header."""
    path = re.sub(r"^(/users?)/.+", r"\1/{user_id}", step.request.url.path)
    plain = f"{step.request.method} {path}"
    yield plain
    if operation := step.request.url.params.get("operation"):
        yield f"{plain} {operation}"
    if path == "/batch":
        yield f"{plain} {json.loads(step.request.content)['operation']}"
    yield from (f"{plain} {header.decode()}" for header, _ in step.request.headers.raw)


def rows(readme: str) -> list[Row]:
    table = cells(section(readme, "Learn DynamoDB from it"))
    return [Row(concept, quoted(asked), quoted(done)) for concept, asked, done in table]


def faults_of(row: Row, walk: set[str]) -> Iterator[str]:
    """What of a row leads nowhere."""
    texts = {name: (ROOT / name).read_text() for name in row.files if (ROOT / name).is_file()}
    marks = MARKS.get(row.concept, ())
    if not row.requests:
        yield f"{row.concept} has no request"
    yield from (f"{name} is not in the walk" for name in row.requests if name not in walk)
    yield from (f"{name} is not there" for name in row.files if name not in texts)
    for name, text in texts.items():
        if not any(mark in text for mark in marks):
            yield f"{name} has nothing of {row.concept}"
    for mark in marks:
        if not any(mark in text for text in texts.values()):
            yield f"{mark} is in no file of {row.concept}"


def faults(readme: str) -> list[str]:
    """What is wrong with the table of concepts, a sentence each."""
    found = rows(readme)
    walk = {name for step in steps("http://127.0.0.1", "r") for name in names(step)}
    concepts = [row.concept for row in found]
    missing = [f"{concept} has not one row" for concept in MARKS if concepts.count(concept) != 1]
    return [*missing, *(fault for row in found for fault in faults_of(row, walk))]


def test_each_concept_leads_to_a_request_of_the_walk_and_to_the_file_that_does_it() -> None:
    assert faults(README) == []


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("| TTL |", "| expiry |", "TTL has not one row"),
        ("| batch |", "| TTL |", "batch has not one row"),
        (
            "`GET /query query_by_email`",
            "`GET /query query_by_mail`",
            "GET /query query_by_mail is not in the walk",
        ),
        (
            "`PUT /users/{user_id} If-Match`",
            "`PUT /users/{user_id} If-None`",
            "PUT /users/{user_id} If-None is not",
        ),
        ("`POST /users`: user, version", "a new user, its version", "transactions has no request"),
        ("adapters/bulk.py", "adapters/batches.py", "lambdas/users/adapters/batches.py is not there"),
        ("adapters/bulk.py", "adapters/lanes.py", "lambdas/users/adapters/lanes.py has nothing of batch"),
        ("adapters/listing.py`, ", "adapters/search.py`, ", '"#shard = :shard" is in no file of query'),
    ],
)
def test_a_row_that_leads_nowhere_is_found(right: str, wrong: str, fault: str) -> None:
    doctored = README.replace(right, wrong)
    assert doctored != README
    assert any(found.startswith(fault) for found in faults(doctored)), faults(doctored)


def test_the_calls_of_the_readme_are_the_routes_and_no_others() -> None:
    routes = {**crud.ROUTES, **batch.ROUTES, **query.ROUTES}
    served = {f"{method} {path}" for path, methods in routes.items() for method in methods}
    told = {name.partition("?")[0] for call, _ in cells(section(README, "Use it")) for name in quoted(call)}
    assert told - {"operation"} == served


def test_the_operations_of_the_readme_are_those_that_there_are() -> None:
    told = {call: set(quoted(what)) for call, what in cells(section(README, "Use it"))}
    assert told["`POST /batch` with an `operation`"] == set(batch.OPERATIONS)
    assert told["`GET /query?operation=`"] == set(query.OPERATIONS)
