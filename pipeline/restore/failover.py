"""The steps of failover drills that an operator takes too: to leave a Region on purpose, and to return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import dropwhile

from pipeline.config import Deployment
from pipeline.drill.flow import work
from pipeline.drill.plan import AROUND, CALLS, region_of
from pipeline.drill.scenarios import named
from pipeline.drill.step import Do, Role, Step
from pipeline.restore import marks
from pipeline.restore.page import Entry, Section, sent
from pipeline.restore.step import Who
from pipeline.runbook import SHELL_NOW

ACTS = frozenset(CALLS)  # with these an operator begins
WHO: Mapping[Do, Who] = {Do.FENCE: Who.LEAD, Do.UNFENCE: Who.LEAD, Do.STOP: Who.LEAD, Do.START: Who.LEAD}
UNFENCED = "Unfence that Region."
VERIFY: Mapping[Do, str] = {
    Do.STOP: "The alarm of that Region's switch, kept in the other one, is `ALARM`.",
    Do.START: "The alarm of that Region's switch, kept in the other one, is `OK`.",
    Do.FENCE: "After 5 s a PUT to any user there is answered 503 with `Retry-After`; reads go on.",
    Do.UNFENCE: "After 5 s a PUT to any user there is acknowledged.",
    Do.CARRY_ON: "The header `X-Region` of answers changes for one client after the other.",
    Do.AWAIT_DRAINED: "20 s after the fence, the other Region answers with the row that was just written.",
    Do.AWAIT_ANSWERED: "Both names have the same addresses. Ask again until then.",
    Do.AWAIT_SERVED: "The header `X-Region` names that Region, whoever asks.",
    Do.AWAIT_CONVERGED: "Each Region answers with the row that was just written in the other.",
}
BACK: Mapping[Do, str] = {
    Do.STOP: "Start that Region, in a later minute.",
    Do.START: "Stop that Region.",
    Do.FENCE: UNFENCED,
    Do.UNFENCE: "Fence that Region.",
    Do.AWAIT_DRAINED: "Unfence that Region, and lead traffic back to it.",
}
GO_ON = "Nothing is to be undone by this step."

PLANNED = (
    ("planned-switchover", "Leave the primary Region on purpose", "Both Regions are well, and one is left."),
    (
        "failback",
        "Return to the primary Region",
        "Clients were led to the secondary Region, and the primary one is well again. Returning is never "
        "automatic.",
    ),
)


def sections(deployment: Deployment) -> Sequence[Section]:
    """Return the procedures of a deployment with a domain: what its drills of the same names do."""
    return [
        Section(
            title=title,
            when=when,
            entries=[_entry(step, deployment) for step in steps_of(name)],
            not_covered=named(name).not_tested,
        )
        for name, title, when in PLANNED
    ]


def steps_of(name: str) -> Sequence[Step]:
    """Return the steps of a drill that an operator takes: from the first act on, without what is broken."""
    steps = dropwhile(lambda step: step.do not in ACTS, named(name).steps)
    idle = work().why
    return [step for step in steps if step.fault is None and step.why != idle]


def _entry(step: Step, deployment: Deployment) -> Entry:
    return Entry(
        what=step.why,
        who=WHO.get(step.do, Who.ON_CALL),
        lines=list(_lines(step, deployment)),
        verify=VERIFY[step.do],
        back=BACK.get(step.do, GO_ON),
    )


def _lines(step: Step, deployment: Deployment) -> Sequence[str]:
    """Return the calls of a step, or what to look at while it lasts."""
    table, domain = deployment.table_name, deployment.api.domain
    if step.do is Do.AWAIT_CONVERGED:
        return [
            line
            for role in Role
            for call in marks.calls(deployment, role, table, SHELL_NOW)
            for line in sent(call)
        ]
    if step.role is None or domain is None:
        return [f"sleep {step.seconds:g}"]
    region = region_of(deployment, step.role)
    if step.do in CALLS:
        return [*([AROUND[step.do]] if step.do in AROUND else []), *sent(CALLS[step.do](deployment, region))]
    if step.do is Do.AWAIT_DRAINED:
        return [line for call in marks.calls(deployment, step.role, table, SHELL_NOW) for line in sent(call)]
    if step.do is Do.AWAIT_ANSWERED:
        return [f"dig +short {domain.name}", f"dig +short {domain.of_region(region)}"]
    return [f"curl -sS -i 'https://{domain.name}/health'"]
