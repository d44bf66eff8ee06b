"""How long the backups of each deployment are kept: values that make a page by themselves."""

from stacks.backup_policy import BackupPolicy, GovernanceLock, Retention

# Daily backups overlap the five weeks of point-in-time recovery, which goes with its table.
PROD_BACKUPS = BackupPolicy(
    daily=Retention(days=35),
    weekly=Retention(days=90),
    monthly=Retention(days=365, cold_after_days=30),
    # To let nobody shorten it any more, AWS and yourself included: ComplianceLock, with at least three days
    # to think it over. Only this deployment may have one.
    lock=GovernanceLock(least_days=35),
    # An empty table is no good backup of this one; raise it as users come.
    least_users=1,
)
BETA_BACKUPS = BackupPolicy(
    daily=Retention(days=7),
    weekly=Retention(days=28),
    monthly=Retention(days=60),
    lock=GovernanceLock(least_days=7),
    least_users=0,
)
LOCAL_BACKUPS = BackupPolicy(
    daily=Retention(days=1),
    weekly=Retention(days=7),
    monthly=Retention(days=31),
    lock=GovernanceLock(least_days=1),
    least_users=0,
)
