"""Deployments are named, and so are the tables that they are served from."""

import json
import re

import pytest

from pipeline.choice import UnknownDeployment, WrongTables, deployments_named, served_from
from pipeline.config import BETA, DEPLOYMENTS, LOCAL, PROD, Deployment

RESTORED = json.dumps({"local": ["users-local", "users-local-restored"]})


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (None, DEPLOYMENTS),
        ("", DEPLOYMENTS),
        ("local", (LOCAL,)),
        ("prod, beta", (PROD, BETA)),
        ("beta,beta", (BETA,)),
    ],
)
def test_deployments_are_chosen_by_name(names: str | None, expected: tuple[Deployment, ...]) -> None:
    assert tuple(deployments_named(names)) == expected


def test_an_unknown_deployment_is_answered_with_those_that_exist() -> None:
    with pytest.raises(
        UnknownDeployment, match=r"no deployment .gamma.; known are beta, prod, local, localprod"
    ):
        deployments_named("beta,gamma")


def test_the_last_table_that_is_named_serves_and_those_before_it_stay() -> None:
    (local,) = deployments_named("local", RESTORED)
    assert (local.table_name, local.former_tables) == ("users-local-restored", ("users-local",))
    (back,) = deployments_named("local", json.dumps({"local": ["users-local-restored", "users-local"]}))
    assert (back.table_name, back.former_tables) == ("users-local", ("users-local-restored",))


@pytest.mark.parametrize("tables", ["", "{}"])
def test_where_nothing_is_said_of_tables_all_is_as_configured(tables: str) -> None:
    assert tuple(served_from(DEPLOYMENTS, tables)) == DEPLOYMENTS


def test_nothing_but_the_tables_of_the_deployment_that_is_named_changes() -> None:
    served = served_from(DEPLOYMENTS, RESTORED)
    assert [each for each in served if each not in DEPLOYMENTS] == [deployments_named("local", RESTORED)[0]]
    assert [each.service for each in served] == [each.service for each in DEPLOYMENTS]


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ("{", "USERS_TABLES must be JSON, not '{'."),
        ("[]", "USERS_TABLES must be an object of lists of names of tables, not '[]'."),
        ('{"local": "users-local"}', "USERS_TABLES must be an object of lists of names of tables, not"),
        ('{"local": []}', "USERS_TABLES must be an object of lists of names of tables, not"),
        ('{"local": [1]}', "USERS_TABLES must be an object of lists of names of tables, not"),
        ('{"local": ["users-local", "a b"]}', "wrong for local: table_name must be a DynamoDB table name"),
        ('{"local": ["users-local", "users-local"]}', "wrong for local: former_tables and table_name must"),
        ('{"local": ["restored"]}', "USERS_TABLES lacks users-local for local, which must be kept."),
        (
            '{"local": ["users-local", "users-localprod"]}',
            "USERS_TABLES is wrong for local: former_tables and table_name must be users-local or begin with "
            "users-local-restored, not 'users-localprod'",
        ),
    ],
)
def test_tables_that_cannot_serve_are_told(tables: str, message: str) -> None:
    with pytest.raises(WrongTables, match=re.escape(message)):
        served_from(DEPLOYMENTS, tables)


def test_tables_of_an_unknown_deployment_are_told() -> None:
    with pytest.raises(UnknownDeployment, match=r"no deployment .gamma.; known are beta, prod, local"):
        served_from(DEPLOYMENTS, '{"gamma": ["users-gamma"]}')
