"""Which deployments exist: their accounts, Regions and sizes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.objectives import OBJECTIVES, THRESHOLDS
from pipeline.partition import REGION, require_replication
from pipeline.retention import BETA_BACKUPS, LOCAL_BACKUPS, PROD_BACKUPS
from pipeline.tables import require_tables
from stacks.backup_policy import BackupPolicy, ComplianceLock
from stacks.bundling import Target
from stacks.domain import Domain
from stacks.drills import Drills
from stacks.objectives import Objectives, Thresholds
from stacks.sizing import ApiPolicy, FunctionPolicy, FunctionSize, LogPolicy, Throttle

# The one deployment whose backups may be locked for good.
FINAL = "prod"


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """One copy of the users API: an account, and the same stacks in two of its Regions.

    `table_name` is chosen rather than generated: both Regions must know it without a reference from one
    stack to another, and a table restored from a backup is switched to by name: it serves then, and those
    that it was restored from are the `former_tables`, the oldest first (see stacks/data.py).
    `history_retention_days` is how long a version of a user is kept. Set `least_history_days` to the former
    value when you raise that, and to None, which is the current value, when as many days as the new value
    have passed: until then rows that expire earlier are missing in a sound table. Without `drills` nothing
    can be broken there on purpose.

    Raises ValueError, with a sentence that names the field, for a value that no deployment can have.
    """

    name: str
    account: str
    primary_region: str
    secondary_region: str
    table_name: str
    history_retention_days: int
    api: ApiPolicy
    functions: FunctionPolicy
    objectives: Objectives
    thresholds: Thresholds
    backups: BackupPolicy
    drills: Drills | None = None
    former_tables: Sequence[str] = ()
    least_history_days: int | None = None

    def __post_init__(self) -> None:
        """Refuse what AWS would refuse half-way through a deployment."""
        _require_match("name", self.name, r"[a-z][a-z0-9]*", "lower-case letters and digits")
        _require_match("account", self.account, r"[0-9]{12}", "12 digits")
        _require_match("primary_region", self.primary_region, REGION, "a Region such as eu-west-1")
        _require_match("secondary_region", self.secondary_region, REGION, "a Region such as eu-central-1")
        require_replication(self.primary_region, self.secondary_region)
        require_tables(self.service, table_name=self.table_name, former_tables=self.former_tables)
        if self.history_retention_days < 1:
            raise ValueError(f"history_retention_days must be at least 1, not {self.history_retention_days}.")
        least, most = self.shortest_history_days, self.history_retention_days
        if not 1 <= least <= most:
            raise ValueError(
                f"least_history_days must be from 1 to history_retention_days, {most}, not {least}."
            )
        if isinstance(self.backups.lock, ComplianceLock) and self.name != FINAL:
            raise ValueError(
                f"backups.lock can be a ComplianceLock, which is final, in {FINAL} alone, not in {self.name}."
            )

    @property
    def service(self) -> str:
        """What everything that has a name of our choice is named by."""
        return f"users-{self.name}"

    @property
    def shortest_history_days(self) -> int:
        """The shortest for which a version was kept that is still younger than is kept now."""
        days = self.least_history_days
        return self.history_retention_days if days is None else days

    @property
    def tables(self) -> Sequence[str]:
        """Every table that it keeps, the oldest first; the last one serves."""
        return [*self.former_tables, self.table_name]


def _require_match(field: str, value: str, pattern: str, expectation: str) -> None:
    """Raise ValueError unless the whole value matches the pattern; one that was left out matches none."""
    if not re.fullmatch(pattern, value or ""):
        raise ValueError(f"{field} must be {expectation}, not {value!r}.")


# The accounts and the hosted zones of BETA and PROD are placeholders: put your own here before the first
# deployment. A deployment whose domain is None is reached in each Region by itself, and does not fail over.
BETA = Deployment(
    name="beta",
    account="111111111111",
    primary_region="eu-west-1",
    secondary_region="eu-central-1",
    table_name="users-beta",
    history_retention_days=30,
    api=ApiPolicy(
        domain=Domain(
            hosted_zone_id="Z0BETA0PLACEHOLDER",
            hosted_zone_name="beta.example.com",
            name="users.beta.example.com",
        ),
        throttle=Throttle(requests_per_second=100, burst=200),
        methods={"POST /batch": Throttle(requests_per_second=10, burst=20)},
        requests_per_address=10_000,
    ),
    functions=FunctionPolicy(
        target=Target.aws(),
        size=FunctionSize(memory_mb=1024, timeout_seconds=15, reserved_concurrency=20),
        logs=LogPolicy(retention_days=30, retain=False),
        canary_minutes=5,
    ),
    objectives=OBJECTIVES,
    thresholds=THRESHOLDS,
    backups=BETA_BACKUPS,
    drills=Drills(longest_minutes=20),
)

PROD = Deployment(
    name="prod",
    account="222222222222",
    primary_region="eu-west-1",
    secondary_region="eu-central-1",
    table_name="users-prod",
    history_retention_days=365,
    api=ApiPolicy(
        domain=Domain(
            hosted_zone_id="Z0PROD0PLACEHOLDER",
            hosted_zone_name="example.com",
            name="users.example.com",
        ),
        throttle=Throttle(requests_per_second=1000, burst=2000),
        methods={"POST /batch": Throttle(requests_per_second=100, burst=200)},
        requests_per_address=10_000,
    ),
    functions=FunctionPolicy(
        target=Target.aws(),
        size=FunctionSize(memory_mb=1024, timeout_seconds=15, reserved_concurrency=100),
        logs=LogPolicy(retention_days=365, retain=True),
        canary_minutes=10,
    ),
    objectives=OBJECTIVES,
    thresholds=THRESHOLDS,
    backups=PROD_BACKUPS,
)

# Deployed to an emulator, which knows one account and runs functions on this machine's own Python.
# Its experiments are only stored there: what drills break on this machine, they break themselves.
LOCAL = Deployment(
    name="local",
    account="000000000000",
    primary_region="eu-west-1",
    secondary_region="eu-central-1",
    table_name="users-local",
    history_retention_days=30,
    api=ApiPolicy(
        domain=Domain(
            hosted_zone_id="Z0LOCAL",
            hosted_zone_name="local.example",
            name="users.local.example",
        ),
        throttle=Throttle(requests_per_second=1000, burst=2000),
        methods={"POST /batch": Throttle(requests_per_second=100, burst=200)},
        requests_per_address=10_000_000,
    ),
    functions=FunctionPolicy(
        target=Target.this_machine(),
        size=FunctionSize(memory_mb=1024, timeout_seconds=15),
        logs=LogPolicy(retention_days=7, retain=False),
        canary_minutes=5,
    ),
    objectives=OBJECTIVES,
    thresholds=THRESHOLDS,
    backups=LOCAL_BACKUPS,
    drills=Drills(longest_minutes=20),
)

# What a commit reaches after LOCAL, as PROD after BETA.
LOCALPROD = replace(
    LOCAL,
    name="localprod",
    table_name="users-localprod",
    api=replace(
        LOCAL.api,
        domain=Domain(
            hosted_zone_id="Z0LOCALPROD", hosted_zone_name="localprod.example", name="users.localprod.example"
        ),
    ),
    drills=None,
)

DEPLOYMENTS = (BETA, PROD, LOCAL, LOCALPROD)
