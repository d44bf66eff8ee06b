"""A synthesis is held to the tables that were released."""

import json
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb

from stacks import guardrails
from stacks.constructs.users_table import INDEXES
from stacks.data import DataStack
from stacks.refused import Refused
from stacks.released_tables import write
from stacks.table_validation import ReleasedTables
from stacks.tables import TableStack, tables_of
from tests.stacks.users_table import HOME, PEER, RELEASED

ANOTHER = [dynamodb.Attribute(name="email", type=dynamodb.AttributeType.STRING)]


def synthesized(
    folder: Path, *, indexes: Sequence[str] = (), tables: Sequence[str] = ("users-local",)
) -> str:
    """What a synthesis of a data stack with more indexes says, or nothing if it is accepted."""
    app = guardrails.strict_app(outdir=str(folder / "cdk.out"), context={})
    stage = cdk.Stage(app, "LocalData", env=cdk.Environment(account="000000000000", region=HOME))
    with mock.patch.dict(INDEXES, dict.fromkeys(indexes, ANOTHER)):
        DataStack(stage, "Data", service="users-local", tables=tables, replica_regions=[PEER])
    cdk.Validations.of(app).add_plugins(ReleasedTables(["local"], folder=folder / "released"))
    try:
        guardrails.synthesize(app)
    except Refused as error:
        return str(error)
    return ""


def test_a_synthesis_is_held_to_what_was_released(tmp_path: Path) -> None:
    assert synthesized(tmp_path, indexes=["a-index", "b-index"]) == ""  # nothing was released yet
    template = json.loads(next(tmp_path.glob("cdk.out/*/*.template.json")).read_text())
    write(
        "local",
        {
            "LocalData-Data": TableStack(region=HOME, tables=tables_of(template)),
            "LocalOld-Data": RELEASED,  # a stack that the app has no more
        },
        folder=tmp_path / "released",
    )

    said = synthesized(tmp_path)

    assert "FATAL UsersTable695FA693: 2 indexes are added or removed at once: a-index, b-index." in said
    assert "Suggested fix: Release one index at a time" in said
    assert "FATAL Users: the table is removed." in said
    assert "remove stacks/released/local.json" in said
    assert "Acknowledge" not in said


def released(folder: Path, *tables: str) -> None:
    """Release a data stack with these tables."""
    assert synthesized(folder / "first", tables=tables) == ""
    template = json.loads(next(folder.glob("first/cdk.out/*/*.template.json")).read_text())
    stack = TableStack(region=HOME, tables=tables_of(template))
    write("local", {"LocalData-Data": stack}, folder=folder / "released")


def test_a_restored_table_is_added_beside_the_released_one_whichever_serves(tmp_path: Path) -> None:
    released(tmp_path, "users-local")
    for tables in (["users-local", "users-local-restored"], ["users-local-restored", "users-local"]):
        assert synthesized(tmp_path, tables=tables) == ""


def test_a_restored_table_in_place_of_the_released_one_is_refused(tmp_path: Path) -> None:
    released(tmp_path, "users-local")
    assert "FATAL UsersTable695FA693: the table is removed." in synthesized(
        tmp_path, tables=["users-local-restored"]
    )


def test_a_restored_table_that_was_released_is_guarded_as_any_other(tmp_path: Path) -> None:
    released(tmp_path, "users-local", "users-local-restored")
    assert "the table is removed" in synthesized(tmp_path, tables=["users-local"])
    assert synthesized(tmp_path, tables=["users-local-restored", "users-local"]) == ""
