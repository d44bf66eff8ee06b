"""A clock that stands still until a test turns it."""


class Clock:
    """Seconds from some moment on."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now
