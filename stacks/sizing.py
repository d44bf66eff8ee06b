"""What a deployment may choose for its stacks: plain values, checked where they are made."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stacks.bundling import Target
from stacks.domain import Domain

# Periods that CloudWatch Logs accepts, in days, each with the CDK's name for it; it refuses any other number
# (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html).
LOG_RETENTION = {
    1: "ONE_DAY",
    3: "THREE_DAYS",
    5: "FIVE_DAYS",
    7: "ONE_WEEK",
    14: "TWO_WEEKS",
    30: "ONE_MONTH",
    60: "TWO_MONTHS",
    90: "THREE_MONTHS",
    120: "FOUR_MONTHS",
    150: "FIVE_MONTHS",
    180: "SIX_MONTHS",
    365: "ONE_YEAR",
    400: "THIRTEEN_MONTHS",
    545: "EIGHTEEN_MONTHS",
    731: "TWO_YEARS",
    1096: "THREE_YEARS",
    1827: "FIVE_YEARS",
    2192: "SIX_YEARS",
    2557: "SEVEN_YEARS",
    2922: "EIGHT_YEARS",
    3288: "NINE_YEARS",
    3653: "TEN_YEARS",
}
# The canaries that CodeDeploy has ready for Lambda: a tenth of the requests for so many minutes, then all
# (https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html).
CANARY_MINUTES = (5, 10, 15, 30)
# The lowest rate that a rule of AWS WAF counts
# (https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html).
LOWEST_RATE = 10
# API Gateway gives up on a Lambda integration after this long (its default integration timeout).
INTEGRATION_TIMEOUT_SECONDS = 29
# And Lambda itself after this long (https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html).
LAMBDA_TIMEOUT_SECONDS = 15 * 60


@dataclass(frozen=True, kw_only=True)
class FunctionSize:
    """What one Lambda function may use.

    `reserved_concurrency` of None leaves the function in the account's shared pool. Raises ValueError for a
    size that Lambda does not offer, or a timeout that API Gateway would not wait for.
    """

    memory_mb: int
    timeout_seconds: int
    reserved_concurrency: int | None = None

    def __post_init__(self) -> None:
        """Refuse what Lambda would refuse, before anything is deployed."""
        if not 128 <= self.memory_mb <= 10_240:
            raise ValueError(f"memory_mb must be between 128 and 10240, not {self.memory_mb}.")
        if not 1 <= self.timeout_seconds <= self.longest_seconds:
            raise ValueError(
                f"timeout_seconds must be between 1 and {self.longest_seconds}, not {self.timeout_seconds}."
            )
        if self.reserved_concurrency is not None and self.reserved_concurrency < 0:
            raise ValueError(f"reserved_concurrency must be at least 0, not {self.reserved_concurrency}.")

    @property
    def longest_seconds(self) -> int:
        """For how long a call may run: as long as API Gateway waits for it."""
        return INTEGRATION_TIMEOUT_SECONDS


@dataclass(frozen=True, kw_only=True)
class JobSize(FunctionSize):
    """What a function may use that no client waits for; raises ValueError as FunctionSize does."""

    @property
    def longest_seconds(self) -> int:
        """For how long a call may run: as long as Lambda lets any."""
        return LAMBDA_TIMEOUT_SECONDS


@dataclass(frozen=True, kw_only=True)
class Throttle:
    """How many requests per second a method admits in a Region, and how many at once; more are answered 429.

    API Gateway counts each method by itself, also where a stage sets one limit for all of them
    (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html).
    Raises ValueError for a limit below 1, which would admit nobody.
    """

    requests_per_second: int
    burst: int

    def __post_init__(self) -> None:
        """Refuse an API that answers nobody."""
        if self.requests_per_second < 1:
            raise ValueError(f"requests_per_second must be at least 1, not {self.requests_per_second}.")
        if self.burst < 1:
            raise ValueError(f"burst must be at least 1, not {self.burst}.")


@dataclass(frozen=True, kw_only=True)
class LogPolicy:
    """How long log events live, and whether their log groups outlive the stack that made them.

    Raises ValueError for a period that is not in LOG_RETENTION.
    """

    retention_days: int
    retain: bool

    def __post_init__(self) -> None:
        """Refuse a period that CloudWatch Logs would refuse."""
        if self.retention_days not in LOG_RETENTION:
            periods = ", ".join(map(str, LOG_RETENTION))
            raise ValueError(f"retention_days must be one of {periods}, not {self.retention_days}.")


@dataclass(frozen=True, kw_only=True)
class FunctionPolicy:
    """How the functions of a deployment are built, sized, logged and released.

    A new version takes a tenth of the requests for `canary_minutes`, then all. Raises ValueError for a time
    that CodeDeploy has no canary for.
    """

    target: Target
    size: FunctionSize
    logs: LogPolicy
    canary_minutes: int

    def __post_init__(self) -> None:
        """Refuse a canary that CodeDeploy would not know."""
        if self.canary_minutes not in CANARY_MINUTES:
            minutes = ", ".join(map(str, CANARY_MINUTES))
            raise ValueError(f"canary_minutes must be one of {minutes}, not {self.canary_minutes}.")


@dataclass(frozen=True, kw_only=True)
class ApiPolicy:
    """Under which names an API is reached, and how much of it a Region and one caller may ask for.

    `throttle` holds for each method by itself that `methods` (`POST /batch`) does not name.
    `requests_per_address` is what one IP address may send in five minutes. Without a domain an API is reached
    by the name that API Gateway gives it, and nothing fails over. Raises ValueError for a rate that AWS WAF
    cannot count.
    """

    domain: Domain | None
    throttle: Throttle
    methods: Mapping[str, Throttle] = field(default_factory=dict)
    requests_per_address: int

    def __post_init__(self) -> None:
        """Refuse what AWS WAF would refuse."""
        if self.requests_per_address < LOWEST_RATE:
            raise ValueError(
                f"requests_per_address must be at least {LOWEST_RATE}, not {self.requests_per_address}."
            )
