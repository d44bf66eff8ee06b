"""What DynamoDB tells of a backup, made of its snapshot."""

from __future__ import annotations

from pipeline.local.emulator.change import Item
from pipeline.local.emulator.recovery_window import SECOND_US
from pipeline.local.emulator.snapshot import Snapshot


def described(source: Snapshot, arn: str, name: str, size: int) -> Item:
    """Return a BackupDescription: `name` is the backup's, `size` its bytes.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BackupDescription.html
    """
    table = source.definition["table"]
    details = {
        "BackupArn": arn,
        "BackupName": name,
        "BackupSizeBytes": size,
        "BackupStatus": "AVAILABLE",
        "BackupType": "USER",
        "BackupCreationDateTime": source.at / SECOND_US,
    }
    of_table = {
        "TableName": table["TableName"],
        "TableId": table["TableId"],
        "TableArn": table["TableArn"],
        "TableSizeBytes": size,
        "KeySchema": table["KeySchema"],
        "TableCreationDateTime": table["CreationDateTime"],
        "ProvisionedThroughput": table["ProvisionedThroughput"],
        "ItemCount": len(source.rows),
        "BillingMode": table["BillingModeSummary"]["BillingMode"],
    }
    features = {
        "LocalSecondaryIndexes": table.get("LocalSecondaryIndexes"),
        "GlobalSecondaryIndexes": table.get("GlobalSecondaryIndexes"),
        "StreamDescription": table.get("StreamSpecification"),
        "TimeToLiveDescription": source.definition["ttl"],
        "SSEDescription": table.get("SSEDescription"),
    }
    return {
        "BackupDetails": details,
        "SourceTableDetails": of_table,
        "SourceTableFeatureDetails": {key: value for key, value in features.items() if value},
    }


def summary(description: Item) -> Item:
    """Return the BackupSummary that ListBackups has of a BackupDescription."""
    table = description["SourceTableDetails"]
    return {
        **{key: table[key] for key in ("TableName", "TableId", "TableArn")},
        **description["BackupDetails"],
    }
