"""The names that are chosen: each is one that AWS takes, and no two deployments or Regions share one."""

import re
from collections.abc import Callable

import pytest

from pipeline.config import DEPLOYMENTS
from stacks import names


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: str(deployment.name))
def test_aws_would_take_them(deployment: object) -> None:
    service = f"users-{getattr(deployment, 'name', '')}"
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", names.alarm_topic(service))
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,255}", names.stop_alarm(service, "ap-southeast-1"))
    assert names.api(service)
    # https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html
    assert re.fullmatch(r"[a-zA-Z0-9_-]{2,50}", names.vault(service))
    assert re.fullmatch(r"[A-Za-z0-9_]{1,50}", names.restore_testing(service))
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", names.validator(service))
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", names.replayer(service))
    assert re.fullmatch(r"[A-Za-z0-9_.-]{3,255}", names.restored_table(service))
    assert re.fullmatch(r"[\w+=,.@-]{1,64}", names.restore_role(service))


def test_each_is_of_one_deployment_and_each_stop_of_one_region() -> None:
    every = [
        name for each in DEPLOYMENTS for name in (names.api(each.service), names.alarm_topic(each.service))
    ]
    every += [
        names.stop_alarm(each.service, region)
        for each in DEPLOYMENTS
        for region in (each.primary_region, each.secondary_region)
    ]
    assert len(set(every)) == len(every) == 4 * len(DEPLOYMENTS)


OF_RECOVERY = (names.vault, names.restore_testing, names.validator, names.replayer, names.restore_role)


@pytest.mark.parametrize("name", OF_RECOVERY)
def test_what_recovers_a_table_is_of_one_deployment(name: Callable[[str], str]) -> None:
    assert len({name(each.service) for each in DEPLOYMENTS}) == len(DEPLOYMENTS)


def test_no_deployment_s_rights_reach_tables_restored_for_another() -> None:
    for each in DEPLOYMENTS:
        others = [other.service for other in DEPLOYMENTS if other is not each]
        begins = names.restored_table(each.service)
        assert not any(names.restored_table(other).startswith(begins) for other in others)
