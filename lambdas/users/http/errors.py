"""What HTTP refuses before any user is looked at."""

from collections.abc import Mapping


class InvalidRequest(Exception):
    """A request that cannot be served; `detail` is text of ours that repeats nothing of the request."""

    def __init__(self, detail: str, *, status: int = 400, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.headers = headers or {}
