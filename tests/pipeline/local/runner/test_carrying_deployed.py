"""The pipeline is the one that CloudFormation has, and says so where there is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

import pytest

from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout
from pipeline.local.runner import carrying
from tests.pipeline.local.servers import Answer, Asked, Server
from tests.ports import free_ports

SOURCE = {
    "Name": "Source",
    "ActionTypeId": {"Category": "Source", "Owner": "AWS", "Provider": "CodeStarSourceConnection"},
    "Configuration": {"BranchName": {"Fn::Sub": "${AWS::AccountId}-${AWS::Region}"}},
}
TEMPLATE = {
    "Resources": {
        "Pipeline": {
            "Type": "AWS::CodePipeline::Pipeline",
            "Properties": {"ExecutionMode": "QUEUED", "Stages": [{"Name": "Source", "Actions": [SOURCE]}]},
        }
    }
}


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(port=free_ports(6), state=tmp_path)


@contextmanager
def cloud_formation(layout: Layout, status: int, body: str) -> Iterator[list[str]]:
    """The primary Region with this answer, and the stacks whose templates it was asked for."""
    asked: list[str] = []

    def answer(request: Asked) -> Answer:
        asked.extend(parse_qs(request.body.decode())["StackName"])
        return Answer(status, body.encode(), [("Content-Type", "text/xml")])

    server = Server(answer, layout.primary.aws_port)
    try:
        yield asked
    finally:
        server.stop()


def test_the_pipeline_is_the_one_that_cloudformation_has(layout: Layout) -> None:
    body = f"<TemplateBody>{escape(json.dumps(TEMPLATE))}</TemplateBody>"
    result = f"<GetTemplateResponse><GetTemplateResult>{body}</GetTemplateResult></GetTemplateResponse>"
    with cloud_formation(layout, 200, result) as asked:
        found = carrying.deployed(layout)
    assert asked == ["LocalPipeline"]
    (source,) = found.stages[0].actions
    assert source.configuration == {"BranchName": "000000000000-eu-west-1"}


def test_a_platform_without_a_pipeline_says_so(layout: Layout) -> None:
    error = "<Error><Code>ValidationError</Code><Message>no such stack</Message></Error>"
    with (
        cloud_formation(layout, 400, f"<ErrorResponse>{error}</ErrorResponse>"),
        pytest.raises(LocalError, match=r"No pipeline is deployed: make up \(.*no such stack\)"),
    ):
        carrying.deployed(layout)


def test_a_region_that_is_gone_is_asked_past_any_proxy(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://proxy.invalid:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with pytest.raises(LocalError, match=f"Could not connect .*{layout.primary.aws_url}"):
        carrying.deployed(layout)
