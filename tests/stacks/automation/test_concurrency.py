"""The script that stops functions: whatever happens on the way, each gets back what it had."""

import copy
from typing import Any

import pytest

from stacks.constructs.stop_document import SCRIPT, steps
from tests.stacks.automation.document import run
from tests.stacks.automation.functions import Functions

STACK = "BetaPrimary-Api"
BEFORE: dict[str, int | None] = {"a-Crud-1": 20, "a-Batch-2": 20, "a-Query-3": None}


@pytest.fixture
def functions() -> Functions:
    return Functions(dict(BEFORE), stack=STACK)


@pytest.fixture
def document() -> list[dict[str, Any]]:
    return copy.deepcopy(steps(stack=STACK, minutes=20))


def test_functions_are_out_of_service_for_a_while_and_then_as_before(
    functions: Functions, document: list[dict[str, Any]]
) -> None:
    held = copy.deepcopy(document)
    del held[2]["nextStep"]
    assert run(held, boto3=functions) == ["record", "stop", "hold"]
    assert set(functions.reserved.values()) == {0}
    functions.reserved = dict(BEFORE)
    assert run(document, boto3=functions) == ["record", "stop", "hold", "restore"]
    assert functions.reserved == BEFORE


@pytest.mark.parametrize("name", ["stop", "hold"])
def test_who_cancels_it_has_them_put_right(
    functions: Functions, document: list[dict[str, Any]], name: str
) -> None:
    assert run(document, boto3=functions, cancel_in=name)[-1] == "restore"
    assert functions.reserved == BEFORE


@pytest.mark.parametrize("name", ["stop", "hold"])
def test_a_step_that_fails_has_them_put_right(
    functions: Functions, document: list[dict[str, Any]], name: str
) -> None:
    assert run(document, boto3=functions, fails_in=frozenset({name}))[-1] == "restore"
    assert functions.reserved == BEFORE


@pytest.mark.parametrize("event", ["onCancel", "onFailure"])
def test_a_document_that_does_not_put_them_right_would_be_found(
    functions: Functions, document: list[dict[str, Any]], event: str
) -> None:
    del document[2][event]
    planted: dict[str, Any] = (
        {"cancel_in": "hold"} if event == "onCancel" else {"fails_in": frozenset({"hold"})}
    )
    assert run(document, boto3=functions, **planted)[-1] == "hold"
    assert set(functions.reserved.values()) == {0}


def test_what_is_out_of_service_already_is_not_written_down(
    functions: Functions, document: list[dict[str, Any]]
) -> None:
    functions.reserved["a-Crud-1"] = 0
    assert run(document, boto3=functions) == ["record"]
    assert functions.reserved == {**BEFORE, "a-Crud-1": 0}


def test_nothing_happens_where_the_stack_is_not(functions: Functions, document: list[dict[str, Any]]) -> None:
    functions.stack = "BetaSecondary-Api"
    assert run(document, boto3=functions) == ["record"]
    assert functions.reserved == BEFORE


def test_one_that_resists_does_not_keep_the_others(
    functions: Functions, document: list[dict[str, Any]]
) -> None:
    del document[2]["nextStep"]
    run(document, boto3=functions)
    functions.broken.add("a-Batch-2")
    restore = {**document[3], "inputs": {**document[3]["inputs"], "InputPayload": {"Former": former()}}}
    assert run([restore], boto3=functions) == ["restore"]
    assert functions.reserved == {**BEFORE, "a-Batch-2": 0}


def test_nothing_in_the_script_looks_like_a_variable_of_systems_manager() -> None:
    assert "{{" not in SCRIPT.read_text()


def former() -> str:
    return " ".join(f"{name}={'shared' if value is None else value}" for name, value in BEFORE.items())
