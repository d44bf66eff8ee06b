"""Which Regions of AWS can be a pair."""

REGION = r"[a-z]{2,4}(-[a-z]+){1,3}-[0-9]{1,2}"
# The partitions that have names of their own, by how the names of their Regions begin
# (https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html).
PARTITIONS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
    "eusc-": "aws-eusc",
}


def require_replication(primary_region: str, secondary_region: str) -> None:
    """Raise ValueError unless a global table can have a replica in both Regions.

    Replication stays within a partition: commercial Regions, China, or one of those for governments
    (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html).
    """
    if primary_region == secondary_region:
        raise ValueError(f"secondary_region must not be the primary_region, {primary_region}.")
    theirs, other = partition(primary_region), partition(secondary_region)
    if theirs != other:
        raise ValueError(
            f"secondary_region must be in the partition of the primary_region, {theirs}, and "
            f"{secondary_region} is in {other}: nothing replicates between the two."
        )


def partition(region: str) -> str:
    """The partition of a Region, which its name begins with unless it is a commercial one."""
    prefix = next((prefix for prefix in PARTITIONS if region.startswith(prefix)), "")
    return PARTITIONS.get(prefix, "aws")
