"""Some of many, the same ones whenever and in whatever order they come."""

import hashlib
from collections.abc import Iterator, Sequence
from heapq import heappush, heappushpop
from typing import Generic, TypeVar

T = TypeVar("T")


class Sample(Generic[T]):
    """Keeps up to `size` things: those whose names have the smallest hashes, of all that are offered.

    Who is in it depends on names alone, so that tables with the same users give the same sample, and so that
    no name keeps a fault out of it by being written early or late. Memory does not grow beyond `size` things.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: dict[str, T] = {}
        self._farthest: list[tuple[int, str]] = []

    def offer(self, name: str, thing: T) -> None:
        """Keep a thing, or not; a name that is kept already keeps its first thing."""
        if name in self._kept or not self._size:
            return
        place = (-_hash(name), name)
        if len(self._kept) < self._size:
            heappush(self._farthest, place)
        else:
            _, dropped = heappushpop(self._farthest, place)
            if dropped == name:
                return
            del self._kept[dropped]
        self._kept[name] = thing

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __contains__(self, name: str) -> bool:
        return name in self._kept

    def things(self) -> Sequence[T]:
        """Return what is kept."""
        return list(self._kept.values())


def _hash(name: str) -> int:
    """Return a number that says nothing of a name but whether it is the same one."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest())
