"""The names that are chosen: each is one that AWS takes, and no two deployments or Regions share one."""

import re

import pytest

from pipeline.config import DEPLOYMENTS
from stacks import names


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: str(deployment.name))
def test_aws_would_take_them(deployment: object) -> None:
    service = f"users-{getattr(deployment, 'name', '')}"
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", names.alarm_topic(service))
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,255}", names.stop_alarm(service, "ap-southeast-1"))
    assert names.api(service)


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
