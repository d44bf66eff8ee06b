"""The runbook: calls that boto3 would send, and commands that a shell would run."""

import json
import re
import subprocess
import sys
from dataclasses import replace

import botocore.session
import pytest
from botocore.validate import ParamValidator
from typer.testing import CliRunner

from pipeline import runbook
from pipeline.config import DEPLOYMENTS, PROD, Deployment
from pipeline.runbook import Call

NOW = "2030-01-01T12:00:00Z"
PRIMARY, SECONDARY = PROD.primary_region, PROD.secondary_region
ECHO = 'aws() { for each; do printf "%s\\0" "$each"; done; }; '


@pytest.fixture(params=runbook.calls(PROD), ids=lambda call: str(call.purpose))
def call(request: pytest.FixtureRequest) -> Call:
    assert isinstance(request.param, Call)
    return request.param


def state(call: Call) -> str:
    value = call.parameters["Item"]["state"]["S"]
    assert isinstance(value, str)
    return value


def value(call: Call) -> int:
    (datum,) = call.parameters["MetricData"]
    found = datum["Value"]
    assert isinstance(found, int)
    return found


def test_each_region_can_be_stopped_started_fenced_and_unfenced() -> None:
    assert [each.purpose for each in runbook.calls(PROD)] == [
        f"{verb} {region}"
        for region in (PRIMARY, SECONDARY)
        for verb in ("stop", "start", "fence", "unfence")
    ]


@pytest.mark.parametrize(("region", "other"), [(PRIMARY, SECONDARY), (SECONDARY, PRIMARY)])
def test_a_region_is_stopped_and_started_by_the_other_one(region: str, other: str) -> None:
    stop, start = runbook.stop(PROD, region), runbook.start(PROD, region)
    assert (stop.region, start.region) == (other, other)
    assert (value(stop), value(start)) == (1, 0)


@pytest.mark.parametrize("region", [PRIMARY, SECONDARY])
def test_a_region_is_fenced_in_its_own_replica(region: str) -> None:
    fence, unfence = runbook.fence(PROD, region, at=NOW), runbook.unfence(PROD, region, at=NOW)
    assert (fence.region, unfence.region) == (region, region)
    assert (state(fence), state(unfence)) == ("fenced", "active")
    assert fence.parameters == {
        "TableName": "users-prod",
        "Item": {
            "user_id": {"S": f"REGION#{region}"},
            "timestamp": {"S": "STATE"},
            "state": {"S": "fenced"},
            "changed_at": {"S": NOW},
        },
    }


def test_another_table_than_the_one_that_serves_is_fenced_by_its_name() -> None:
    fence = runbook.fence(PROD, PRIMARY, at=NOW, table="users-prod-restored")
    assert fence.parameters["TableName"] == "users-prod-restored"
    assert fence.purpose == "fence eu-west-1 in users-prod-restored"
    assert fence.parameters["Item"] == runbook.fence(PROD, PRIMARY, at=NOW).parameters["Item"]
    assert runbook.unfence(PROD, PRIMARY, at=NOW, table="users-prod-restored").parameters["TableName"] == (
        "users-prod-restored"
    )


@pytest.mark.parametrize(
    "text", ["", "a b", '{"a":"$HOME `id` \\\\"}', "${NAME}", "a ${NAME}${NAME} b", "${NAME} c"]
)
def test_a_shell_takes_a_word_as_it_is_but_for_its_variables(text: str) -> None:
    command = f"printf %s {runbook.quoted(text)}"
    value = 'x "*" $HOME'
    result = subprocess.run(  # noqa: S603 - the word under test
        ["/bin/sh", "-c", command], capture_output=True, text=True, check=True, env={"NAME": value}
    )
    assert result.stdout == text.replace(runbook.variable("NAME"), value)


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: str(deployment.name))
def test_each_deployment_has_signals_and_rows_of_its_own(deployment: Deployment) -> None:
    found = json.dumps([each.parameters for each in runbook.calls(deployment)])
    assert set(re.findall(r"users-\w+", found)) == {f"users-{deployment.name}"}


def test_without_a_domain_regions_are_only_fenced() -> None:
    without = replace(PROD, api=replace(PROD.api, domain=None))
    assert {each.purpose.split()[0] for each in runbook.calls(without)} == {"fence", "unfence"}


def test_a_region_that_is_neither_is_refused() -> None:
    expected = r"region must be one of eu-west-1, eu-central-1, not 'us-east-1'\."
    with pytest.raises(ValueError, match=expected):
        runbook.stop(PROD, "us-east-1")
    with pytest.raises(ValueError, match=expected):
        runbook.fence(PROD, "us-east-1", at=NOW)


def test_aws_knows_the_action_and_its_parameters(call: Call) -> None:
    model = botocore.session.Session().get_service_model(call.service).operation_model(call.action)
    assert model.input_shape is not None
    assert not ParamValidator().validate(call.parameters, model.input_shape).has_errors()


def test_a_parameter_that_aws_does_not_know_would_be_found() -> None:
    model = botocore.session.Session().get_service_model("cloudwatch").operation_model("PutMetricData")
    assert model.input_shape is not None
    parameters = {"Namespace": "UsersRouting", "Metric": []}
    assert ParamValidator().validate(parameters, model.input_shape).has_errors()


def test_a_shell_sends_just_that_with_the_time_at_which_it_does(call: Call) -> None:
    result = subprocess.run(  # noqa: S603 - the command under test, with `aws` replaced by an echo
        ["/bin/sh", "-c", ECHO + call.command], capture_output=True, text=True, check=True
    )
    service, action, *options, parameters = result.stdout.removesuffix("\0").split("\0")
    assert (service, action) == (call.service, {"cloudwatch": "put-metric-data"}.get(service, "put-item"))
    assert options == ["--region", call.region, "--cli-input-json"]
    sent = json.loads(parameters)
    if "Item" in sent:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", sent["Item"]["changed_at"]["S"])
        sent["Item"]["changed_at"]["S"] = runbook.SHELL_NOW
    assert sent == call.parameters


def test_an_operator_is_shown_each_command_and_what_it_does() -> None:
    result = CliRunner().invoke(runbook.app, ["prod"])
    assert result.exit_code == 0
    lines = result.output.splitlines()
    for call in runbook.calls(PROD):
        assert lines[lines.index(f"# prod, account 222222222222: {call.purpose}") + 1] == call.command


def test_an_operator_is_told_of_a_deployment_that_is_not_there() -> None:
    result = CliRunner().invoke(runbook.app, ["gamma"])
    assert result.exit_code == 2
    assert "There is no deployment 'gamma'" in result.output


def test_it_needs_nothing_that_deploys() -> None:
    code = "import sys, pipeline.runbook; sys.exit('aws_cdk' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - the line above
