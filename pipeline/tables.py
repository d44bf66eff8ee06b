"""Which tables a deployment can be served from."""

import re
from collections.abc import Sequence

from stacks import names

NAME = r"[A-Za-z0-9_.-]{3,255}"


def require_tables(service: str, *, table_name: str, former_tables: Sequence[str]) -> None:
    """Raise ValueError, with a sentence that names the field, unless these can be the tables of a service.

    The functions that recover a table have rights to those of these names alone (see
    stacks/recovery_tables.py).
    """
    _require_name("table_name", table_name, "a DynamoDB table name")
    for name in former_tables:
        _require_name("former_tables", name, "names of DynamoDB tables")
    tables = [*former_tables, table_name]
    if len(set(tables)) < len(tables):
        raise ValueError(f"former_tables and table_name must differ, not {', '.join(tables)}.")
    restored = names.restored_table(service)
    for name in tables:
        if name != service and not name.startswith(restored):
            raise ValueError(
                f"former_tables and table_name must be {service} or begin with {restored}, not {name!r}: "
                "nothing may recover a table of another name."
            )


def _require_name(field: str, value: str, expectation: str) -> None:
    """Raise ValueError unless this can be the name of a table; one that was left out cannot."""
    if not re.fullmatch(NAME, value or ""):
        raise ValueError(f"{field} must be {expectation}, not {value!r}.")
