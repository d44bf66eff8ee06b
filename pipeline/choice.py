"""Which deployments are meant, and which tables they are served from."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.config import DEPLOYMENTS, Deployment
from stacks.refused import Refused


class UnknownDeployment(Refused):
    """Somebody asks for a deployment that is not configured."""


class WrongTables(Refused):
    """No deployment can be served from such tables."""


def deployments_named(names: str | None, tables: str = "") -> Sequence[Deployment]:
    """The deployments of a comma-separated list, in its order; all of them where there is no list.

    They are served from the `tables` (see `served_from`), from those that are configured where that is empty.
    Raises WrongTables, and UnknownDeployment, which names those that exist, where one does not.
    """
    deployments = served_from(DEPLOYMENTS, tables)
    if not names:
        return deployments
    known = {deployment.name: deployment for deployment in deployments}
    wanted = [name.strip() for name in names.split(",")]
    _require_known(wanted, list(known))
    return [known[name] for name in dict.fromkeys(wanted)]


def served_from(deployments: Sequence[Deployment], tables: str) -> Sequence[Deployment]:
    """The deployments, each served from the last of the tables that are named for it.

    `tables` is the variable USERS_TABLES: a JSON object that has for the name of a deployment a list of names
    of tables, the oldest first. Whatever is not named there is served as it is configured.

    Raises UnknownDeployment, and WrongTables, with a sentence that says what of the variable is wrong.
    """
    named = _read(tables)
    _require_known(list(named), [deployment.name for deployment in deployments])
    return [_served(deployment, named.get(deployment.name)) for deployment in deployments]


def _require_known(names: Sequence[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            raise UnknownDeployment(f"There is no deployment {name!r}; known are {', '.join(known)}.")


def _read(tables: str) -> Mapping[str, Sequence[str]]:
    """The names of tables by deployment, not looked at yet."""
    try:
        named = json.loads(tables or "{}")
    except ValueError as error:
        raise WrongTables(f"USERS_TABLES must be JSON, not {tables!r}.") from error
    if not isinstance(named, dict) or not all(_are_names(each) for each in named.values()):
        raise WrongTables(f"USERS_TABLES must be an object of lists of names of tables, not {tables!r}.")
    return named


def _are_names(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(name, str) for name in value)


def _served(deployment: Deployment, tables: Sequence[str] | None) -> Deployment:
    """A deployment with these tables; what is configured stays, or no stack would guard it any more."""
    if tables is None:
        return deployment
    for lost in set(deployment.tables) - set(tables):
        raise WrongTables(f"USERS_TABLES lacks {lost} for {deployment.name}, which must be kept.")
    *former, serving = tables
    try:
        return replace(deployment, table_name=serving, former_tables=tuple(former))
    except ValueError as error:
        raise WrongTables(f"USERS_TABLES is wrong for {deployment.name}: {error}") from error
