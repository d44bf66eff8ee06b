"""The commands of a cut over: the data stack first, then both Regions, with the restored table serving."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from pipeline.config import PROD
from pipeline.restore import cut_over
from tests.pipeline.restore.sending import commands_of
from tests.stacks.assembly import Assembly

SHOW = 'aws "$USERS_TABLES"'
ALARMS = {"enabled": True, "ignorePollAlarmFailure": False, "alarms": [{"name": "errors"}]}
# What is asked is answered, and what is changed is echoed.
AWS = (
    'aws() { case "$2" in '
    'list-applications) case "$6" in *ProdPrimary-*) echo P;; *ProdSecondary-*) echo S;; esac;; '
    "list-deployment-groups) echo one two;; "
    f"get-deployment-group) echo '{json.dumps(ALARMS)}';; "
    '*) echoed aws "$@";; esac; }'
)


def run(*more: str, restored: str = "users-prod-restored-1") -> Sequence[Sequence[str]]:
    return commands_of([AWS, *cut_over.commands(PROD, restored), *more], {})


def deploys() -> list[Sequence[str]]:
    return [words for words in run() if words[0] == "cdk"]


def option(words: Sequence[str], name: str) -> str:
    return words[words.index(name) + 1]


def test_the_data_stack_takes_the_table_in_and_the_region_without_traffic_is_next() -> None:
    assert [words[-1] for words in deploys()] == ["ProdData/*", "ProdSecondary/*", "ProdPrimary/*"]
    assert ["--import-existing-resources" in words for words in deploys()] == [True, False, False]
    assert all(words[:4] == ["cdk", "deploy", "--context", "deployments=prod"] for words in deploys())


def test_the_restored_table_serves_and_those_before_it_are_kept() -> None:
    twice = replace(PROD, table_name="users-prod-restored-1", former_tables=["users-prod"])
    lines = [*cut_over.commands(twice, "${RESTORED}"), SHOW]
    *_, (_, tables) = commands_of(lines, {"RESTORED": "users-prod-restored-2"})
    assert json.loads(tables) == {"prod": ["users-prod", "users-prod-restored-1", "users-prod-restored-2"]}


def test_releases_go_all_at_once_and_look_at_no_alarm_while_writes_are_refused() -> None:
    words = run()
    first, last = (at for at, (program, *_) in enumerate(words) if program == "cdk" and at in (4, 6))
    before, after = words[:first], words[last + 1 :]
    for changes, speed, enabled in (
        (before, "CodeDeployDefault.LambdaAllAtOnce", False),
        (after, "CodeDeployDefault.LambdaCanary10Percent10Minutes", True),
    ):
        assert [(option(each, "--region"), option(each, "--application-name")) for each in changes] == [
            ("eu-central-1", "S")
        ] * 2 + [("eu-west-1", "P")] * 2
        assert {option(each, "--current-deployment-group-name") for each in changes} == {"one", "two"}
        assert {option(each, "--deployment-config-name") for each in changes} == {speed}
        for each in changes:
            assert json.loads(option(each, "--alarm-configuration")) == {**ALARMS, "enabled": enabled}


def test_each_pattern_selects_stacks_that_there_are(assembly: Assembly) -> None:
    for words in deploys():
        folder = words[-1].removesuffix("*")
        assert [stack for stack in assembly.stacks.values() if stack.path.startswith(folder)]


def test_applications_of_releases_are_named_after_stacks_that_have_some(assembly: Assembly) -> None:
    for prefix, region in (("ProdSecondary-", "eu-central-1"), ("ProdPrimary-", "eu-west-1")):
        stacks = [stack for name, stack in assembly.stacks.items() if name.startswith(prefix)]
        found = [stack for stack in stacks if stack.of_type("AWS::CodeDeploy::DeploymentGroup")]
        assert {stack.region for stack in found} == {region}
        for stack in found:
            (app,) = stack.of_type("AWS::CodeDeploy::Application").values()
            assert "ApplicationName" not in app.get("Properties", {})
