"""What is watched in a test, and with what."""

from datetime import timedelta

from lambdas.recovery.adapters.backup import Backup
from lambdas.recovery.measures import Measures
from lambdas.recovery.settings import WatchSettings
from tests.lambdas.conftest import NOON
from tests.lambdas.recovery.standing import PREFIX, Ground
from tests.lambdas.recovery.vault import Vault

WATCH = {
    "AWS_REGION": "eu-west-1",
    "VAULT": "users-vault",
    "TABLE_NAME": "users",
    "RESTORE_TEST_PREFIX": "awsbackup-restore-test-",
    "LEFT_OVER_HOURS": "24",
}
PLAN = "arn:aws:backup:eu-west-1:111122223333:restore-testing-plan:users-1"


def measures(
    vault: Vault | None = None, ground: Ground | None = None, *, plan: str | None = PLAN
) -> Measures:
    settings = WatchSettings(
        region="eu-west-1",
        vault="users-vault",
        table_name="users",
        restore_test_prefix=PREFIX,
        left_over_after=timedelta(hours=24),
        restore_testing_plan_arn=plan,
    )
    tables = (ground or Ground()).tables
    return Measures(settings=settings, backup=Backup(vault or Vault()), tables=tables, now=lambda: NOON)
