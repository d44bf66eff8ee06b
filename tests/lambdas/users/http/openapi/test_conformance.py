"""Whatever is sent, the answer is one that the document names."""

from collections.abc import Sequence

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks
from schemathesis.checks import CheckFunction

from tests.lambdas.documented import DOCUMENT
from tests.lambdas.gateway import wsgi

API = schemathesis.openapi.from_dict(DOCUMENT)
API.app = wsgi
OPERATIONS = {
    operation["operationId"]: API[path][method.upper()]
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}
# What takes no input, or takes any text as an id, cannot be asked wrongly.
TAKES_ANYTHING = {"readTutorialUser", "deleteTutorialUser", "checkHealth", "describeApi"}


def send(
    name: str, mode: GenerationMode, data: st.DataObject, excluded: Sequence[CheckFunction] = ()
) -> None:
    """Send what a schema describes, or what it excludes, and hold the answer to all checks but some."""
    case = data.draw(OPERATIONS[name].as_strategy(generation_mode=mode))
    case.call_and_validate(base_url="http://localhost", excluded_checks=list(excluded))


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.usefixtures("app")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_what_is_asked_well_has_a_documented_answer(name: str, data: st.DataObject) -> None:
    # JSON Schema cannot say that 30.0 is no integer, nor that an email is measured after NFKC.
    send(name, GenerationMode.POSITIVE, data, [checks.positive_data_acceptance])


@pytest.mark.parametrize("name", sorted(OPERATIONS.keys() - TAKES_ANYTHING))
@pytest.mark.usefixtures("app")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_what_is_asked_wrongly_has_a_documented_refusal(name: str, data: st.DataObject) -> None:
    # Without a query that is known, queries are listed, and nobody looks at the other parameters.
    excluded = [checks.negative_data_rejection] if name == "query" else []
    send(name, GenerationMode.NEGATIVE, data, excluded)
