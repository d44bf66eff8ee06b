"""A runbook as Markdown that is read at night on a telephone: short lines of words, and blocks to copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.runbook import Call


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One step: what it does, who takes it, lines for a shell, how to see that it worked, how to go back.

    `more` are further blocks of lines: each is for itself because something is read, or typed, before it.
    """

    what: str
    who: str
    lines: Sequence[str]
    verify: str
    back: str
    more: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, kw_only=True)
class Section:
    """One procedure: when to use it, what to do `before`, its steps, what to do `after`, and its limits.

    `variables` are lines for a shell that set what the steps use.
    """

    title: str
    when: str
    entries: Sequence[Entry]
    not_covered: Sequence[str]
    before: Sequence[str] = ()
    variables: Sequence[str] = ()
    after: Sequence[str] = ()


def sent(call: Call) -> Sequence[str]:
    """Return the lines of a shell that send a call: what it does and where, and the command.

    They wait until the table is active that the call changes, or tells the state of: the next would be
    refused (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html).
    """
    where = "" if call.region in call.purpose else f" in {call.region}"
    lines = [f"# {call.purpose}{where}", call.command]
    if call.action == "UpdateTable":
        return [*lines, _wait(call)]
    return [_wait(call), *lines] if call.action == "DescribeTable" else lines


def _wait(call: Call) -> str:
    table = call.parameters["TableName"]
    return f'aws dynamodb wait table-exists --region {call.region} --table-name "{table}"'


def markdown(title: str, introduction: Sequence[str], sections: Sequence[Section]) -> str:
    """Return the page, which ends with a line break."""
    parts = [f"# {title}", *introduction, _contents(sections), *(_section(each) for each in sections)]
    return "\n\n".join(parts) + "\n"


def _contents(sections: Sequence[Section]) -> str:
    return "\n".join(f"{number}. {section.title}" for number, section in enumerate(sections, start=1))


def _section(section: Section) -> str:
    parts = [f"## {section.title}", f"**When.** {section.when}"]
    if section.before:
        parts += ["**Before.**", _list(section.before)]
    if section.variables:
        parts += ["**Set, in the shell that all of it is done in:**", _block(section.variables)]
    parts += [_entry(number, entry) for number, entry in enumerate(section.entries, start=1)]
    if section.after:
        parts += ["### Afterwards", _list(section.after)]
    return "\n\n".join([*parts, "### Not covered", _list(section.not_covered)])


def _entry(number: int, entry: Entry) -> str:
    parts = [f"### {number}. {entry.what}", f"Who: {entry.who}."]
    parts += [_block(lines) for lines in (entry.lines, *entry.more) if lines]
    return "\n\n".join([*parts, f"- It worked if: {entry.verify}\n- To go back: {entry.back}"])


def _list(items: Sequence[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _block(lines: Sequence[str]) -> str:
    return "\n".join(["```sh", *lines, "```"])
