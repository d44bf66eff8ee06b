"""The calls to FIS, as boto3 takes them and as a shell sends them."""

import botocore.session
import pytest
from botocore.validate import ParamValidator

from pipeline.config import BETA, PROD
from pipeline.drill.aws import fis_calls
from pipeline.drill.step import FaultKind
from pipeline.runbook import Call

KIND = FaultKind.FUNCTIONS_STOPPED
CALLS = [
    fis_calls.start(BETA, KIND, "eu-west-1", template="EXT1"),
    fis_calls.stop(KIND, "eu-west-1", experiment="EXP1"),
    fis_calls.abort(BETA, "eu-west-1"),
    fis_calls.restored("crud", "eu-west-1", reserved=20),
    fis_calls.restored("crud", "eu-west-1", reserved=None),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: str(call.purpose))
def test_aws_knows_the_action_and_its_parameters(call: Call) -> None:
    model = botocore.session.Session().get_service_model(call.service).operation_model(call.action)
    assert model.input_shape is not None
    given = {"clientToken": "made by botocore"} if call.action == "StartExperiment" else {}
    assert not ParamValidator().validate({**given, **call.parameters}, model.input_shape).has_errors()


def test_a_signal_is_of_one_deployment() -> None:
    assert "users-prod" in fis_calls.abort(PROD, "eu-west-1").command
    assert "users-beta" in fis_calls.abort(BETA, "eu-west-1").command


def test_a_function_without_concurrency_of_its_own_loses_what_stopped_it() -> None:
    assert [call.action for call in CALLS[3:]] == ["PutFunctionConcurrency", "DeleteFunctionConcurrency"]
