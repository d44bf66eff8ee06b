"""One log line for each request: what was asked for and how it went, never who it was about."""

import traceback
from collections.abc import Iterator

from aws_lambda_powertools import Logger


class Telemetry:
    """The log of one process, in JSON on standard output, written before a request is answered.

    Service and level are powertools' own settings, POWERTOOLS_SERVICE_NAME and POWERTOOLS_LOG_LEVEL.
    """

    def __init__(self, logger: Logger, *, region: str) -> None:
        self._logger = logger
        self._region = region
        self._cold = True

    def record(
        self,
        *,
        request_id: str,
        route: str,
        method: str,
        status: int,
        duration_ms: float,
        failure: Exception | None,
    ) -> None:
        """Write the line of a request; `route` is a template such as `/users/{user_id}`.

        Where the status is 500 or more, the line is an error, and names the types of the failure and of its
        causes with the frames that they passed. Their texts may be about somebody, and are left out.
        """
        failed = status >= 500
        write = self._logger.error if failed else self._logger.info
        write(
            "request",
            extra={
                "request_id": request_id,
                "route": route,
                "method": method,
                "status": status,
                "duration_ms": round(duration_ms, 3),
                "region": self._region,
                "cold_start": self._cold,
                **({"failure": [_outline(error) for error in _chain(failure)]} if failed else {}),
            },
        )
        self._cold = False


def _chain(failure: BaseException | None) -> Iterator[BaseException]:
    """Follow a failure to its first cause."""
    while failure is not None:
        yield failure
        failure = failure.__cause__ or failure.__context__


def _outline(error: BaseException) -> dict[str, object]:
    """Describe an exception without its text."""
    frames = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False)
    return {
        "type": type(error).__name__,
        "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
