"""Writes that clients had to wait for: refused by a fence or a throttle, failed, or not answered at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.drill.attempt import Attempt, Operation, Outcome
from pipeline.drill.finding import Finding, Invariant


@dataclass(frozen=True, kw_only=True)
class HeldWrite:
    """A write that was not done at once. `seconds` reach from the sending of its first failed attempt to its
    acknowledgement, or else to the end of its last attempt."""

    write: str
    seconds: float
    attempts: tuple[str, ...]
    done: bool


def held_writes(attempts: Sequence[Attempt]) -> Sequence[HeldWrite]:
    """Return every held write, the longest first.

    What a 4xx judged (409, 412) is decided and so ends the wait as an acknowledgement does.
    """
    tries: dict[str, list[Attempt]] = {}
    for attempt in sorted(attempts, key=lambda attempt: attempt.at):
        if attempt.asked.operation is not Operation.READ:
            tries.setdefault(attempt.asked.write, []).append(attempt)
    held = [_held(write, made) for write, made in tries.items() if made[0].failed]
    return sorted(held, key=lambda wait: (-wait.seconds, wait.write))


def too_long(held: Sequence[HeldWrite], limit_s: float | None) -> Sequence[Finding]:
    """Return a violation for each write that was held for longer than a limit in seconds; None is none."""
    if limit_s is None:
        return []
    return [
        Finding(
            invariant=Invariant.HELD,
            sentence=f"Write {wait.write} was held for {wait.seconds:.1f} s, which is more than {limit_s:g} s"
            + ("." if wait.done else ", and was never done."),
            evidence=(wait.write, *wait.attempts),
        )
        for wait in held
        if wait.seconds > limit_s
    ]


def _held(write: str, made: Sequence[Attempt]) -> HeldWrite:
    """Measure one wait."""
    decided = next((attempt for attempt in made if _decided(attempt)), None)
    end = (decided or max(made, key=lambda attempt: attempt.ended_at)).ended_at
    return HeldWrite(
        write=write,
        seconds=end - made[0].at,
        attempts=tuple(attempt.asked.id for attempt in made),
        done=decided is not None,
    )


def _decided(attempt: Attempt) -> bool:
    """Tell whether the client knows what became of the write."""
    return attempt.acknowledged or (attempt.outcome is Outcome.REFUSED and not attempt.failed)
