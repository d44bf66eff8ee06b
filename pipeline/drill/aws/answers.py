"""To which Region each answer of DNS led, as the drill's own clients got them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from pipeline.drill.aws.dns import Resolve
from pipeline.drill.clock import Clock
from pipeline.drill.step import Role
from pipeline.drill.timeline import AnswerChanged
from pipeline.drill.way import NowhereError

Ask = Callable[[str], Awaitable[str | None]]


class Answers:
    """Keeps when an address was first answered in place of another, and tells whose it is.

    `names` are the Regions' own names of hosts, which lead to the same addresses as the shared name does
    while it leads there, though not to all of them at once; `regions` the names of the Regions. `ask` has an
    address say in which Region it is, None where it does not answer.
    """

    def __init__(
        self,
        names: Mapping[Role, str],
        regions: Mapping[Role, str],
        *,
        resolve: Resolve,
        ask: Ask,
        clock: Clock,
    ) -> None:
        self._names = names
        self._regions = regions
        self._resolve = resolve
        self._ask = ask
        self._clock = clock
        self._known: dict[str, Role] = {}
        self._seen: list[tuple[float, str]] = []

    def note(self, address: str) -> None:
        """Keep that DNS answers with an address now."""
        if not self._seen or self._seen[-1][1] != address:
            self._seen.append((self._clock.now(), address))

    async def role(self, address: str) -> Role | None:
        """Return whose address it is, None where nobody knows."""
        if address not in self._known:
            await self._learn()
        if address not in self._known:
            region = await self._ask(address)
            role = next((role for role, name in self._regions.items() if name == region), None)
            if role is not None:
                self._known[address] = role
        return self._known.get(address)

    async def changes(self, since: float) -> Sequence[AnswerChanged]:
        """Return when DNS began to lead elsewhere, the first answer included, without what nobody knows."""
        found: list[AnswerChanged] = []
        for at, address in self._seen:
            role = await self.role(address)
            if role and (not found or found[-1].region != self._regions[role]):
                found.append(AnswerChanged(at=at, region=self._regions[role]))
        return [change for change in found if change.at >= since]

    async def _learn(self) -> None:
        """Ask where the Regions' own names lead; one that leads nowhere has nothing to tell."""
        for role, name in self._names.items():
            try:
                answer = await self._resolve(name)
            except NowhereError:
                continue
            self._known |= dict.fromkeys(answer.addresses, role)
