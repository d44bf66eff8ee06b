"""The source action: which commit it is, and an artifact that says so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pipeline.local.runner import checkout
from pipeline.local.runner.action import ActionFailed, Work
from pipeline.local.runner.checkout import Checkout
from pipeline.local.runner.definition import Action

COMMIT = ".source.json"
# https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html#reference-variables-list
COPIED = {
    "BranchName": "BranchName",
    "FullRepositoryId": "FullRepositoryName",
    "ConnectionArn": "ConnectionArn",
}
# Whether it is a zip or a reference to a clone, and whether pushes are looked for, changes nothing here.
KNOWN = {*COPIED, "DetectChanges", "OutputArtifactFormat"}


async def perform(action: Action, work: Work, *, repository: Path, shared: Checkout) -> Mapping[str, str]:
    """Check out the commit that was pushed, and return the variables that CodePipeline has of a source.

    Its artifact names the commit and has no files: builds check it out. So an earlier execution's source
    is there for as long as its commit is.

    Raises:
        ActionFailed: there is something in its configuration that is not done here.
        CheckoutError: there is no such commit.
    """
    for name in action.configuration:
        if name not in KNOWN:
            raise ActionFailed(f"The source's {name} is not done here.")
    async with shared.at(work.commit):
        message, date = await checkout.described(repository, work.commit)
    for output in action.outputs:
        name_commit(work.artifact(output), work.commit)
    work.log.write_text(f"{work.commit}\n{date}\n{message}\n")
    copied = {
        theirs: action.configuration[ours] for ours, theirs in COPIED.items() if ours in action.configuration
    }
    return {**copied, "CommitId": work.commit, "CommitMessage": message, "AuthorDate": date}


def name_commit(artifact: Path, commit: str) -> None:
    """Make a source's artifact; raises OSError."""
    artifact.mkdir(parents=True, exist_ok=True)
    (artifact / COMMIT).write_text(json.dumps({"commit": commit}))


def commit_of(artifact: Path) -> str | None:
    """Return the commit that a source's artifact names, None for another artifact."""
    try:
        return str(json.loads((artifact / COMMIT).read_text())["commit"])
    except FileNotFoundError:
        return None
