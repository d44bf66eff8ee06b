"""How an operator takes the good profile of a user out of its history, without typing it."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.drill.profile import FIELDS
from pipeline.restore.requests import HttpCall
from pipeline.runbook import variable

# A field that the good version lacks is written as null, which removes it.
TAKE = (
    "import json, sys; "
    'found = {each["version_id"]: each for each in json.load(sys.stdin)["versions"]}[sys.argv[1]]; '
    f"print(json.dumps({{field: found.get(field) for field in {list(FIELDS)}}}))".replace("'", '"')
)


def blocks(history: HttpCall) -> Sequence[Sequence[str]]:
    """Return two blocks for a shell: what is set by hand, and PROFILE out of what `history` answers."""
    command = history.command.replace(" -i ", " ")
    return [
        [
            "VERSION_ID= # of the newest version, which is bad",
            "GOOD= # the version_id of the good one",
        ],
        [
            f"PROFILE=$({command} | python3 -c '{TAKE}' \"{variable('GOOD')}\")",
            f'echo "{variable("PROFILE")}"',
        ],
    ]
