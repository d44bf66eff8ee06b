"""The tables as they were last released, kept beside the code."""

import json
from collections.abc import Mapping
from pathlib import Path

from stacks.tables import Resource, TableStack, indexes, replicas

RELEASED = Path(__file__).with_name("released")


def read(deployment: str, *, folder: Path = RELEASED) -> Mapping[str, TableStack]:
    """The stacks of a deployment that had tables when it was last released, by name; none if it never was."""
    file = folder / f"{deployment}.json"
    if not file.exists():
        return {}
    return {name: TableStack(**stack) for name, stack in json.loads(file.read_text()).items()}


def write(deployment: str, stacks: Mapping[str, TableStack], *, folder: Path = RELEASED) -> None:
    """Keep a deployment's stacks as released; only those that have tables."""
    kept = {
        name: {"region": stack.region, "tables": stack.tables}
        for name, stack in stacks.items()
        if stack.tables
    }
    folder.mkdir(exist_ok=True)
    (folder / f"{deployment}.json").write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n")


def differences(released: Mapping[str, TableStack], proposed: Mapping[str, TableStack]) -> list[str]:
    """What is not as released, a line for each property of a table, index and replica."""
    before, after = _tables(released), _tables(proposed)
    found = [f"{id_}: new" for id_ in after.keys() - before.keys()]
    found += [f"{id_}: removed" for id_ in before.keys() - after.keys()]
    for id_ in before.keys() & after.keys():
        old, new = before[id_], after[id_]
        for noun, of in {"index": indexes, "replica": replicas}.items():
            found += [f"{id_}: {noun} {name} added" for name in of(new).keys() - of(old).keys()]
            found += [f"{id_}: {noun} {name} removed" for name in of(old).keys() - of(new).keys()]
        properties = {**old, **old["Properties"]}, {**new, **new["Properties"]}
        names = properties[0].keys() | properties[1].keys()
        changed = [
            each for each in names - {"Properties"} if properties[0].get(each) != properties[1].get(each)
        ]
        found += [f"{id_}: {each} changed" for each in changed]
    return sorted(found)


def _tables(stacks: Mapping[str, TableStack]) -> Mapping[str, Resource]:
    return {f"{name}/{id_}": table for name, stack in stacks.items() for id_, table in stack.tables.items()}
