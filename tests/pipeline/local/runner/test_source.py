"""The source is a commit by its name, with the variables that CodePipeline gives one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pipeline.local.runner import source
from pipeline.local.runner.action import ActionFailed
from pipeline.local.runner.checkout import Checkout
from tests.pipeline.local.runner.commits import Commits, files
from tests.pipeline.local.runner.works import action, work

CONNECTION = {"BranchName": "main", "FullRepositoryId": "example/users", "ConnectionArn": "arn:connection"}


def perform(tmp_path: Path, configuration: dict[str, str]) -> tuple[dict[str, str], str]:
    commits = Commits(tmp_path)
    commit = commits.commit({"a": "1"})
    shared = Checkout(commits.repository, tmp_path / "checkout")
    asked = action("Source", "CodeStarSourceConnection", configuration, outputs=["Source"])
    given = work(tmp_path, commit=commit)
    given.log.parent.mkdir()
    found = asyncio.run(source.perform(asked, given, repository=commits.repository, shared=shared))
    assert source.commit_of(given.artifact("Source")) == commit
    return dict(found), commit


def test_the_commit_is_checked_out_and_described(tmp_path: Path) -> None:
    found, commit = perform(tmp_path, CONNECTION)
    assert files(tmp_path / "checkout") == {"a": "1"}
    assert found == {
        "AuthorDate": "2026-07-01T12:00:00Z",
        "BranchName": "main",
        "CommitId": commit,
        "CommitMessage": "A change\n\nAnd why.",
        "ConnectionArn": "arn:connection",
        "FullRepositoryName": "example/users",
    }


def test_what_is_not_done_here_is_named(tmp_path: Path) -> None:
    with pytest.raises(ActionFailed, match="PollForSourceChanges"):
        perform(tmp_path, {"PollForSourceChanges": "true"})


def test_another_artifact_is_no_source(tmp_path: Path) -> None:
    assert source.commit_of(tmp_path) is None
