"""Which deployments exist: their accounts, Regions and sizes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stacks.bundling import Target
from stacks.sizing import FunctionSize, LogPolicy, Throttle

REGION = r"[a-z]{2}(-[a-z]+){1,2}-[0-9]{1,2}"


class UnknownDeployment(ValueError):
    """Context asks for a deployment that is not configured."""


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """One copy of the users API: an account, and the same stacks in two of its Regions.

    `table_name` is the one physical name that is chosen rather than generated: both Regions must know it
    without a reference from one stack to another, and a table restored from a backup is switched to by name.
    `history_retention_days` is how long a superseded version of a user is kept.

    Raises ValueError, with a sentence that names the field, for a value that no deployment can have.
    """

    name: str
    account: str
    primary_region: str
    secondary_region: str
    table_name: str
    history_retention_days: int
    logs: LogPolicy
    function_size: FunctionSize
    throttle: Throttle
    lambda_target: Target

    def __post_init__(self) -> None:
        """Refuse what AWS would refuse half-way through a deployment."""
        _require_match("name", self.name, r"[a-z][a-z0-9]*", "lower-case letters and digits")
        _require_match("account", self.account, r"[0-9]{12}", "12 digits")
        _require_match("primary_region", self.primary_region, REGION, "a Region such as eu-west-1")
        _require_match("secondary_region", self.secondary_region, REGION, "a Region such as eu-central-1")
        if self.primary_region == self.secondary_region:
            raise ValueError(f"secondary_region must not be the primary_region, {self.primary_region}.")
        _require_match("table_name", self.table_name, r"[A-Za-z0-9_.-]{3,255}", "a DynamoDB table name")
        if self.history_retention_days < 1:
            raise ValueError(f"history_retention_days must be at least 1, not {self.history_retention_days}.")


def _require_match(field: str, value: str, pattern: str, expectation: str) -> None:
    """Raise ValueError unless the whole value matches the pattern."""
    if not re.fullmatch(pattern, value):
        raise ValueError(f"{field} must be {expectation}, not {value!r}.")


# The accounts of BETA and PROD are placeholders: put your own here before the first deployment.
BETA = Deployment(
    name="beta",
    account="111111111111",
    primary_region="eu-west-1",
    secondary_region="eu-central-1",
    table_name="users-beta",
    history_retention_days=30,
    logs=LogPolicy(retention_days=30, retain=False),
    function_size=FunctionSize(memory_mb=1024, timeout_seconds=15),
    throttle=Throttle(requests_per_second=100, burst=200),
    lambda_target=Target.aws(),
)

PROD = Deployment(
    name="prod",
    account="222222222222",
    primary_region="eu-west-1",
    secondary_region="eu-central-1",
    table_name="users-prod",
    history_retention_days=365,
    logs=LogPolicy(retention_days=365, retain=True),
    function_size=FunctionSize(memory_mb=1024, timeout_seconds=15),
    throttle=Throttle(requests_per_second=1000, burst=2000),
    lambda_target=Target.aws(),
)

# Deployed to an emulator, which knows one account and runs functions on this machine's own Python.
LOCAL = Deployment(
    name="local",
    account="000000000000",
    primary_region="eu-west-1",
    secondary_region="eu-central-1",
    table_name="users-local",
    history_retention_days=30,
    logs=LogPolicy(retention_days=7, retain=False),
    function_size=FunctionSize(memory_mb=1024, timeout_seconds=15),
    throttle=Throttle(requests_per_second=1000, burst=2000),
    lambda_target=Target.this_machine(),
)

DEPLOYMENTS = (BETA, PROD, LOCAL)


def deployments_named(names: str | None) -> Sequence[Deployment]:
    """The deployments of a comma-separated list, in its order; all of them where there is no list.

    Raises UnknownDeployment, which names those that exist, where one does not.
    """
    if not names:
        return DEPLOYMENTS
    known = {deployment.name: deployment for deployment in DEPLOYMENTS}
    wanted = [name.strip() for name in names.split(",")]
    for name in wanted:
        if name not in known:
            raise UnknownDeployment(f"There is no deployment {name!r}; known are {', '.join(known)}.")
    return [known[name] for name in dict.fromkeys(wanted)]
