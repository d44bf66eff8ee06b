"""A pair of Regions replicates when it is in one partition."""

import re

import pytest

from pipeline.partition import REGION, partition, require_replication


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("eu-west-1", "aws"),
        ("ap-southeast-2", "aws"),
        ("us-east-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_a_region_says_its_partition(region: str, expected: str) -> None:
    assert re.fullmatch(REGION, region)
    assert partition(region) == expected


@pytest.mark.parametrize(
    ("primary", "secondary"),
    [("eu-west-1", "us-east-1"), ("cn-north-1", "cn-northwest-1"), ("us-gov-west-1", "us-gov-east-1")],
)
def test_two_regions_of_a_partition_replicate(primary: str, secondary: str) -> None:
    require_replication(primary, secondary)
    require_replication(secondary, primary)


@pytest.mark.parametrize("other", ["cn-north-1", "us-gov-west-1", "us-isob-east-1", "eusc-de-east-1"])
def test_two_partitions_do_not(other: str) -> None:
    for pair in (("eu-west-1", other), (other, "eu-west-1")):
        with pytest.raises(
            ValueError, match="secondary_region must be in the partition of the primary_region"
        ):
            require_replication(*pair)
