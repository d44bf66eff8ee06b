"""The requests to the users API of each step of a restore: sent by a drill, and shown by the runbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.config import Deployment
from pipeline.drill.plan import region_of
from pipeline.restore.facts import Facts
from pipeline.restore.step import Do, Step
from pipeline.runbook import quoted
from stacks.domain import Domain


@dataclass(frozen=True, kw_only=True)
class HttpCall:
    """One request to the API: `host` is a name of the deployment's, `path` begins with `/` and has the query.

    `region` is the one that has to answer; None where it is whichever DNS leads to. `body` is JSON.
    """

    purpose: str
    host: str
    method: str
    path: str
    region: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None

    @property
    def command(self) -> str:
        """The line of a POSIX shell that sends it with curl, and prints the answer with its headers."""
        words = ["curl -sS -i", f"-X {self.method}"]
        words += [f"-H {quoted(f'{name}: {value}')}" for name, value in self.headers.items()]
        words += [] if self.body is None else [f"--data {quoted(self.body)}"]
        return " ".join([*words, quoted(f"https://{self.host}{self.path}")])


Make = Callable[[Step, Deployment, Facts], HttpCall]


def requests(step: Step, deployment: Deployment, facts: Facts) -> Sequence[HttpCall]:
    """Return the requests of a step, in their order; most steps have none.

    Raises ValueError for a deployment without a domain, whose API has no name.
    """
    make = MAKES.get(step.do)
    return [make(step, deployment, facts)] if make else []


def _history(_step: Step, deployment: Deployment, facts: Facts) -> HttpCall:
    return HttpCall(
        purpose=f"list the versions of {facts.user_id}",
        host=_domain(deployment).name,
        method="GET",
        path=f"/query?operation=query_user_history&user_id={facts.user_id}&limit=100",
    )


def _put_back(_step: Step, deployment: Deployment, facts: Facts) -> HttpCall:
    """The condition has the write refused where somebody else has written since (RFC 9110, 13.1.1)."""
    return HttpCall(
        purpose=f"put {facts.user_id} back",
        host=_domain(deployment).name,
        method="PUT",
        path=f"/users/{facts.user_id}",
        headers={"Content-Type": "application/json", "If-Match": f'"{facts.version_id}"'},
        body=facts.profile,
    )


def _user(step: Step, deployment: Deployment, facts: Facts) -> HttpCall:
    return _of_region(step, deployment, f"read {facts.user_id}", f"/users/{facts.user_id}")


def _health(step: Step, deployment: Deployment, _facts: Facts) -> HttpCall:
    return _of_region(step, deployment, "ask the health", "/health")


def _of_region(step: Step, deployment: Deployment, purpose: str, path: str) -> HttpCall:
    """A GET by the name that leads to the Region of the step, whatever DNS does with the shared one."""
    if step.role is None:
        raise ValueError(f"A step that does {step.do} must have a role.")
    region = region_of(deployment, step.role)
    return HttpCall(
        purpose=f"{purpose} in {region}",
        host=_domain(deployment).of_region(region),
        method="GET",
        path=path,
        region=region,
    )


def _domain(deployment: Deployment) -> Domain:
    if deployment.api.domain is None:
        raise ValueError(f"{deployment.name} has no domain, so its API has no name to ask.")
    return deployment.api.domain


MAKES: Mapping[Do, Make] = {
    Do.FIND: _history,
    Do.PUT_BACK: _put_back,
    Do.COMPARE: _user,
    Do.AWAIT_SERVED: _health,
}
