"""The history of a pipeline as CodePipeline answers for it, through botocore's own shapes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.session import get_session
from botocore.stub import Stubber

SESSION = get_session()  # which has read the shapes once
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
PIPELINE = "Users"


def time(minutes: float) -> datetime:
    """A time, in minutes after nine."""
    return NINE + timedelta(minutes=minutes)


def epoch(minutes: float) -> float:
    return time(minutes).timestamp()


def action(stage: str, name: str, status: str, began: float, ended: float, **more: object) -> dict[str, Any]:
    return {
        "stageName": stage,
        "actionName": name,
        "actionExecutionId": f"{name}-{began}",
        "startTime": time(began),
        "lastUpdateTime": time(ended),
        "status": status,
        **more,
    }


def source(committed: str | None, began: float) -> dict[str, Any]:
    """The action that fetches a commit, with what it says of it."""
    variables = {"CommitId": "c", "AuthorDate": committed} if committed else {"CommitId": "c"}
    return action("Source", "Source", "Succeeded", began, began + 1, output={"outputVariables": variables})


@dataclass(kw_only=True)
class CodePipeline:
    """Executions, newest last, and the stubbed client that tells of them, newest first."""

    summaries: list[dict[str, Any]] = field(default_factory=list)
    actions: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(
        self, id_: str, *actions: dict[str, Any], status: str = "Succeeded", commit: str = "", **more: object
    ) -> None:
        self.summaries.insert(
            0,
            {
                "pipelineExecutionId": id_,
                "status": status,
                "startTime": min(each["startTime"] for each in actions),
                "lastUpdateTime": max(each["lastUpdateTime"] for each in actions),
                "sourceRevisions": [{"actionName": "Source", "revisionId": commit or id_}],
                **more,
            },
        )
        self.actions[id_] = list(reversed(actions))

    def client(self, *asked: str, pages: int = 1) -> tuple[Any, Stubber]:
        """A client that is asked for all executions, in pages, and for the actions of these in turn."""
        client = SESSION.create_client(
            "codepipeline",
            region_name="eu-west-1",
            aws_access_key_id="a",
            aws_secret_access_key="s",  # noqa: S106 - none
        )
        stubber = Stubber(client)
        size = -(-len(self.summaries) // pages)
        parts = [self.summaries[start : start + size] for start in range(0, len(self.summaries), size)]
        _stub(stubber, "list_pipeline_executions", "pipelineExecutionSummaries", parts, {})
        for id_ in asked:
            about = {"filter": {"pipelineExecutionId": id_}}
            found = self.actions[id_]
            halves = [found[: len(found) // 2], found[len(found) // 2 :]]
            _stub(stubber, "list_action_executions", "actionExecutionDetails", halves, about)
        stubber.activate()
        return client, stubber


def _stub(stubber: Stubber, call: str, key: str, parts: Sequence[Any], about: dict[str, Any]) -> None:
    """Answer a call page by page."""
    for index, part in enumerate(parts):
        token = {"nextToken": str(index)} if index else {}
        more = {"nextToken": str(index + 1)} if index + 1 < len(parts) else {}
        stubber.add_response(call, {key: part, **more}, {"pipelineName": PIPELINE, **about, **token})
