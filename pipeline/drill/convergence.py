"""Whether two replicas hold the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from pipeline.drill.finding import Finding, Invariant
from pipeline.drill.rows import Row, Table

# Replication of the current version of global tables adds no attribute to a row
# (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_versions.html).
VOLATILE: AbstractSet[str] = frozenset()


def differences(
    primary: Table, secondary: Table, *, volatile: AbstractSet[str] = VOLATILE
) -> Sequence[Finding]:
    """Return a finding for each key whose rows differ in anything but the volatile attributes."""
    keys = dict.fromkeys((*primary.rows, *secondary.rows))
    found = []
    for key in keys:
        one, other = primary.rows.get(key), secondary.rows.get(key)
        if one == other:
            continue
        if one is None or other is None:
            here, there = (primary, secondary) if other is None else (secondary, primary)
            how = f"is in {here.region} and not in {there.region}"
        else:
            names = _unlike(one, other) - volatile
            if not names:
                continue
            how = f"differs between {primary.region} and {secondary.region} in {', '.join(sorted(names))}"
        found.append(
            Finding(invariant=Invariant.CONVERGENCE, sentence=f"Row {key} {how}.", evidence=(str(key),))
        )
    return found


def _unlike(one: Row, other: Row) -> AbstractSet[str]:
    """Name the attributes that differ."""
    return {name for name in {*one, *other} if one.get(name) != other.get(name)}
