"""What a table has, and a restored one or a new replica lacks; a test holds it to the synthesized table."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.config import Deployment
from stacks.backup_policy import backup_tag

STREAM_VIEW = "NEW_AND_OLD_IMAGES"
EXPIRES = "expires_at"  # the attribute by which rows expire
RECOVERY_DAYS = 35


def tags(deployment: Deployment) -> Mapping[str, str]:
    """Return the tags of a table in each Region: by one of them the backup plan selects it."""
    return {"Project": "users-platform", "Deployment": deployment.name, **backup_tag(deployment.service)}
