"""The commands of a cut over: the data stack first, then both Regions, with the restored table serving."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

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
    'get-deployment-group) echo "$FOUND";; '
    '*) echoed aws "$@";; esac; }'
)


AT_ONCE, AS_THEY_WERE = cut_over.at_once(PROD), cut_over.as_they_were(PROD)
DEPLOYS = cut_over.deploys(PROD, "users-prod-restored-1")


def changes(lines: Sequence[str], found: object = ALARMS) -> Sequence[Sequence[str]]:
    """Return how lines change releases, each by itself, whose alarms are as they were found."""
    return commands_of([AWS, *lines], {"FOUND": json.dumps(found)})


def deploys() -> Sequence[Sequence[str]]:
    return commands_of(DEPLOYS, {})


def begun(lines: Sequence[str], failing: str) -> Sequence[str]:
    """Return the stacks whose deploys a shell begins that goes on after an error, where some fail."""
    cdk = f'cdk() {{ for last; do :; done; echoed "$last"; case "$last" in {failing}) return 1;; esac; }}'
    found = commands_of(["set +e", cdk, *lines, "true"], {})
    return [stack for (stack,) in found]


def option(words: Sequence[str], name: str) -> str:
    return words[words.index(name) + 1]


def test_the_data_stack_takes_the_table_in_and_the_region_without_traffic_is_next() -> None:
    assert [words[-1] for words in deploys()] == ["ProdData/*", "ProdSecondary/*", "ProdPrimary/*"]
    assert ["--import-existing-resources" in words for words in deploys()] == [True, False, False]
    assert all(words[:4] == ["cdk", "deploy", "--context", "deployments=prod"] for words in deploys())


def test_the_restored_table_serves_and_those_before_it_are_kept() -> None:
    twice = replace(PROD, table_name="users-prod-restored-1", former_tables=["users-prod"])
    lines = [*cut_over.deploys(twice, "${RESTORED}"), SHOW]
    *_, (_, tables) = commands_of(lines, {"RESTORED": "users-prod-restored-2"})
    assert json.loads(tables) == {"prod": ["users-prod", "users-prod-restored-1", "users-prod-restored-2"]}


@pytest.mark.parametrize(
    ("failing", "stacks"),
    [
        ("Nothing", ["ProdData/*", "ProdSecondary/*", "ProdPrimary/*"]),
        ("ProdData*", ["ProdData/*"]),
        ("ProdSecondary*", ["ProdData/*", "ProdSecondary/*"]),
    ],
)
def test_nothing_is_deployed_after_a_deploy_that_failed(failing: str, stacks: Sequence[str]) -> None:
    assert begun(DEPLOYS, failing) == stacks


def test_deploys_that_do_not_wait_for_each_other_would_be_found() -> None:
    loose = [line.removesuffix(" &&") for line in DEPLOYS]
    assert begun(loose, "ProdData*") == ["ProdData/*", "ProdSecondary/*", "ProdPrimary/*"]


def test_no_line_closes_the_shell_of_the_operator() -> None:
    lines = [*AT_ONCE, *DEPLOYS, *AS_THEY_WERE]
    assert not [line for line in lines if re.search(r"\bset -e|\bexit\b", line)]


@pytest.mark.parametrize(
    ("lines", "speed", "enabled"),
    [
        (AT_ONCE, "CodeDeployDefault.LambdaAllAtOnce", False),
        (AS_THEY_WERE, "CodeDeployDefault.LambdaCanary10Percent10Minutes", True),
    ],
)
def test_releases_go_all_at_once_and_look_at_no_alarm_and_are_put_back_in_a_shell_of_its_own(
    lines: Sequence[str], speed: str, *, enabled: bool
) -> None:
    found = changes(lines)
    assert [(option(each, "--region"), option(each, "--application-name")) for each in found] == [
        ("eu-central-1", "S")
    ] * 2 + [("eu-west-1", "P")] * 2
    assert {option(each, "--current-deployment-group-name") for each in found} == {"one", "two"}
    assert {option(each, "--deployment-config-name") for each in found} == {speed}
    for each in found:
        assert json.loads(option(each, "--alarm-configuration")) == {**ALARMS, "enabled": enabled}


def test_a_release_without_alarms_is_given_none() -> None:
    found = changes(AT_ONCE, None)
    assert [option(each, "--application-name") for each in found] == ["S", "S", "P", "P"]
    assert not [each for each in found if "--alarm-configuration" in each or "null" in each]


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
