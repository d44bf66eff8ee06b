"""What breaks and mends a place: this machine's two emulated Regions, or an account on AWS."""

from __future__ import annotations

from typing import Protocol

from pipeline.drill.step import Fault


class FaultError(Exception):
    """A fault could not be injected, or not be undone; the message says what to do."""


class Faults(Protocol):
    """Breaks and mends; each call blocks until that is done.

    To mend what is whole changes nothing, so that whoever finds the traces of a drill may mend all of them.
    """

    def prepare(self, fault: Fault) -> None:
        """Learn what must be known to inject a fault, and to undo it when little works; raises FaultError."""

    def inject(self, fault: Fault) -> float | None:
        """Break it; raises FaultError.

        Returns when it took effect, in seconds since the epoch, where that was some time before this returns
        and after it was called; None where it took effect at once.
        """

    def undo(self, fault: Fault) -> None:
        """Mend it; raises FaultError."""
