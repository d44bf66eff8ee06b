"""One service that is corrupted, and one in which the same good writes are all that ever happened."""

from typing import Any, NamedTuple

from lambdas.users.domain.errors import EmailAlreadyInUse, UserAlreadyExists, UserNotFound
from tests.lambdas.recovery.replaying import BAD, FORMER, Service

REFUSALS = (EmailAlreadyInUse, UserAlreadyExists, UserNotFound)


class Act(NamedTuple):
    """What somebody does to one user."""

    kind: str
    user_id: str
    fields: dict[str, Any]


class Worlds:
    """Both services go by one clock. `acknowledged` are versions that clients of the corrupted one know."""

    def __init__(self) -> None:
        self.corrupted, self.spared = Service(), Service()
        self.acknowledged: list[tuple[str, str]] = []
        self.deleted: set[str] = set()

    def do(self, act: Act, *, lenient: bool) -> None:
        """Do one act; a lenient world lets clients do what only the corruption makes possible."""
        self.corrupted.now = self.spared.now = max(self.corrupted.now, self.spared.now)
        if act.kind == "strip":
            self._strip(act)
        elif act.kind == "rewrite":
            self._rewrite(act)
        elif self._reaches(act):
            told = perform(self.spared, act)
            if told is not None or lenient:
                self._acknowledge(act)

    def _reaches(self, act: Act) -> bool:
        """Leave users out whom a script removed: that somebody takes their id has a test of its own."""
        history = self.corrupted.history(act.user_id, FORMER)
        stripped = any(row["change"]["S"] != "deleted" for row in history)
        return self.corrupted.get(act.user_id) is not None or (act.kind == "create" and not stripped)

    def _acknowledge(self, act: Act) -> None:
        version_id = perform(self.corrupted, act)
        if version_id is not None:
            self.acknowledged.append((act.user_id, version_id))
            self.deleted |= {act.user_id} if act.kind == "delete" else set()

    def _strip(self, act: Act) -> None:
        if self.corrupted.get(act.user_id) is not None:
            self.corrupted.script_removes(act.user_id)

    def _rewrite(self, act: Act) -> None:
        """Do a bad write; what else it changes is good."""
        before = self.corrupted.get(act.user_id)
        fields = {"email": f"{act.user_id}{BAD}", **act.fields}
        if before is None or perform(self.corrupted, Act("update", act.user_id, fields)) is None:
            return
        others = {name: value for name, value in act.fields.items() if name != "email"}
        changed = any(getattr(before.profile, name) != value for name, value in others.items())
        if changed or before.profile.email == fields["email"]:
            perform(self.spared, Act("update", act.user_id, others))


def perform(service: Service, act: Act) -> str | None:
    """Return the id of the version that a client's write makes, or None where it is refused."""
    try:
        if act.kind == "delete":
            return service.delete(act.user_id)
        if act.kind == "create":
            return service.create(act.user_id, receipt=f"{service.now}", **act.fields).version.version_id
        return service.update(act.user_id, **act.fields).version.version_id
    except REFUSALS:
        return None
