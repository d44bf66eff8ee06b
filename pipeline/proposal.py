"""What merging would change in the templates: `python -m pipeline.proposal BEFORE AFTER --to FOLDER`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from pipeline.difference import Difference, Template, difference, write
from pipeline.local.assembly import stacks, stacks_of_no_stage

# GitHub takes comments of up to 65,536 characters
# (https://docs.github.com/en/rest/issues/comments); some are left for what is counted otherwise.
LONGEST_COMMENT = 60_000
HEAD = ("#### What merging would change in the templates", "")
TABLE = ("| stack | added | changed | removed |", "|---|---|---|---|")
NONE = "Nothing."
CUT = "And more; all of it is in the file `templates.diff` of the run's artifact `difference`."

app = typer.Typer(add_completion=False, help=__doc__, pretty_exceptions_enable=False)

Assembly = Annotated[Path, typer.Argument(exists=True, file_okay=False)]
Folder = Annotated[Path, typer.Option("--to", help="The folder for comment.md and templates.diff.")]


@app.command()
def main(before: Assembly, after: Assembly, *, to: Folder) -> None:
    """Compare two cloud assemblies, and write what is new in the second one."""
    found = list(differences(before, after))
    write(found, to / "templates.diff")
    (to / "comment.md").write_text(comment(found))


def differences(before: Path, after: Path) -> Iterator[Difference]:
    """Yield each stack whose template is not the same in two cloud assemblies, by its name.

    A stack that only one of them has is all added, or all removed. Raises ValueError for an assembly without
    stacks, which compared with another would read as if everything were new.
    """
    old, new = templates(before), templates(after)
    for name in sorted(old.keys() | new.keys()):
        if found := difference(name, old.get(name, {}), new.get(name, {})):
            yield found


def templates(assembly: Path) -> Mapping[str, Template]:
    """Return the templates of all stacks, by the name of the stack; raises ValueError if there is none."""
    found = {each.name: each.template for each in (*stacks(assembly), *stacks_of_no_stage(assembly))}
    if not found:
        raise ValueError(f"There is no stack in {assembly}.")
    return found


def comment(found: Sequence[Difference]) -> str:
    """Return a table of the resources that change, in Markdown that GitHub takes as one comment."""
    if not found:
        return "\n".join([*HEAD, NONE, ""])
    lines = [*HEAD, *TABLE]
    room = LONGEST_COMMENT - sum(len(line) + 1 for line in (*lines, "", CUT))
    for each in found:
        row = _row(each)
        room -= len(row) + 1
        if room < 0:
            return "\n".join([*lines, "", CUT, ""])
        lines.append(row)
    return "\n".join([*lines, ""])


def _row(each: Difference) -> str:
    """A stack and its resources; where none is another one, something else in the template is."""
    cells = [", ".join(f"`{id_}`" for id_ in ids) for ids in (each.added, each.changed, each.removed)]
    return f"| {' | '.join([each.stack, *cells])} |"


if __name__ == "__main__":
    app()
