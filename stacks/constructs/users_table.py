"""The table that holds every user, in every Region."""

from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

STRING, NUMBER = dynamodb.AttributeType.STRING, dynamodb.AttributeType.NUMBER
POINT_IN_TIME_RECOVERY = dynamodb.PointInTimeRecoverySpecification(
    point_in_time_recovery_enabled=True,
    recovery_period_in_days=35,  # the most that DynamoDB keeps
)
KEYS = (dynamodb.Attribute(name="user_id", type=STRING), dynamodb.Attribute(name="timestamp", type=STRING))
# Each index by its keys. Three share the partition `shard`, so that one scatter-gather query serves them all.
INDEXES: Mapping[str, Sequence[dynamodb.Attribute]] = {
    "email-index": [dynamodb.Attribute(name="email", type=STRING)],
    "age-index": [
        dynamodb.Attribute(name="shard", type=NUMBER),
        dynamodb.Attribute(name="age", type=NUMBER),
    ],
    "created-index": [
        dynamodb.Attribute(name="shard", type=NUMBER),
        dynamodb.Attribute(name="created_at", type=STRING),
    ],
    "name-index": [
        dynamodb.Attribute(name="shard", type=NUMBER),
        dynamodb.Attribute(name="name_key", type=STRING),
    ],
}


class UsersTable(Construct):
    """The users, replicated to every Region of the deployment.

    Eventually consistent between Regions (MREC), the one mode that has transactions and expiry. Encrypted
    with the AWS-managed key: a customer-managed key lost for 20 hours costs the table that replica for good
    (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables-security.html).
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        table_name: str,
        replica_regions: Sequence[str],
        removal_policy: cdk.RemovalPolicy,
    ) -> None:
        super().__init__(scope, id)
        self.table = dynamodb.TableV2(
            self,
            "Table",
            table_name=table_name,
            partition_key=KEYS[0],
            sort_key=KEYS[1],
            global_secondary_indexes=[_index(name, *keys) for name, keys in INDEXES.items()],
            billing=dynamodb.Billing.on_demand(),
            dynamo_stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
            time_to_live_attribute="expires_at",
            encryption=dynamodb.TableEncryptionV2.aws_managed_key(),
            point_in_time_recovery_specification=POINT_IN_TIME_RECOVERY,
            deletion_protection=True,
            multi_region_consistency=dynamodb.MultiRegionConsistency.EVENTUAL,
            replicas=[_replica(region) for region in replica_regions],
            removal_policy=removal_policy,
        )


def _index(
    name: str, partition_key: dynamodb.Attribute, sort_key: dynamodb.Attribute | None = None
) -> dynamodb.GlobalSecondaryIndexPropsV2:
    """An index that answers with whole rows, so that a reader never fetches each one again."""
    return dynamodb.GlobalSecondaryIndexPropsV2(
        index_name=name,
        partition_key=partition_key,
        sort_key=sort_key,
        projection_type=dynamodb.ProjectionType.ALL,
    )


def _replica(region: str) -> dynamodb.ReplicaTableProps:
    """A replica that is guarded as the first table is: neither guard is replicated."""
    return dynamodb.ReplicaTableProps(
        region=region,
        point_in_time_recovery_specification=POINT_IN_TIME_RECOVERY,
        deletion_protection=True,
    )
