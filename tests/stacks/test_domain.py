"""Names that DNS or a certificate could not have are refused, by a sentence that names the field."""

import dataclasses
import re

import pytest

from pipeline.config import DEPLOYMENTS
from stacks.domain import LONGEST_NAME, Domain

DOMAIN = Domain(hosted_zone_id="Z0EXAMPLE", hosted_zone_name="example.com", name="users.example.com")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("hosted_zone_id", "", "hosted_zone_id must be Z and letters and digits, not ''."),
        ("hosted_zone_id", "/hostedzone/Z0EXAMPLE", "hosted_zone_id must be Z and letters and digits"),
        ("hosted_zone_name", "example.com.", "hosted_zone_name must be a host name in lower case"),
        ("hosted_zone_name", "com", "hosted_zone_name must be a host name in lower case, not 'com'."),
        ("name", "Users.example.com", "name must be a host name in lower case, not 'Users.example.com'."),
        ("name", "https://users.example.com", "name must be a host name in lower case"),
        ("name", "users..example.com", "name must be a host name in lower case"),
        ("name", "-users.example.com", "name must be a host name in lower case"),
        (
            "name",
            "users.example.org",
            "name must be below hosted_zone_name, example.com, not users.example.org.",
        ),
        ("name", "example.com", "name must be below hosted_zone_name, example.com, not example.com."),
        (
            "name",
            "usersexample.com",
            "name must be below hosted_zone_name, example.com, not usersexample.com.",
        ),
    ],
)
def test_an_impossible_name_is_refused(field: str, value: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        dataclasses.replace(DOMAIN, **{field: value})


def test_a_name_is_as_long_as_the_certificate_of_a_region_can_have_it() -> None:
    longest = "u" * (LONGEST_NAME - len(".example.com")) + ".example.com"
    assert len(dataclasses.replace(DOMAIN, name=longest).of_region("ap-southeast-1")) == 64
    with pytest.raises(
        ValueError, match=f"name must have at most {LONGEST_NAME} characters, not 50: each Region"
    ):
        dataclasses.replace(DOMAIN, name=f"u{longest}")


def test_each_region_has_a_name_and_an_origin_of_its_own() -> None:
    names = [
        DOMAIN.name,
        *(
            naming(region)
            for region in ("eu-west-1", "us-east-1")
            for naming in (DOMAIN.of_region, DOMAIN.origin)
        ),
    ]
    assert len(set(names)) == 5
    assert all(name.endswith("users.example.com") for name in names)


def test_a_region_is_in_front_of_the_shared_name() -> None:
    assert DOMAIN.of_region("eu-west-1") == "eu-west-1.users.example.com"
    assert DOMAIN.origin("eu-west-1") == "origin-eu-west-1.users.example.com"


def test_deployments_share_no_name() -> None:
    domains = [deployment.api.domain for deployment in DEPLOYMENTS if deployment.api.domain]
    assert len({domain.name for domain in domains}) == len(domains) == len(DEPLOYMENTS)
