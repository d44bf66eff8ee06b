"""What HTTP refuses of its own accord, whatever the users are."""

from collections.abc import Mapping

from msgspec import Struct


class Failed(Struct, frozen=True):
    """One user of a batch who was not created: its place in the request, and why."""

    index: int
    error: str


class InvalidRequest(Exception):
    """A request that cannot be served; `detail` is text of ours that repeats nothing of the request.

    `failed` says, where a whole batch was refused, what is wrong with each user in it.
    """

    def __init__(
        self,
        detail: str,
        *,
        status: int = 400,
        headers: Mapping[str, str] | None = None,
        failed: tuple[Failed, ...] = (),
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.headers = headers or {}
        self.failed = failed
