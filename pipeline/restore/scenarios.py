"""The restores that there are."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.drill.scenarios import UnknownScenario
from pipeline.restore import table_restore, user_restore
from pipeline.restore.scenario import Scenario

PERSONAL = "What clients did with bad values before they were repaired, such as mail to a wrong address."

_ALL = (
    Scenario(
        name="table-restore",
        title="Many users are damaged: restore the table",
        hypothesis=(
            "A bad deploy and a script damage two thirds of the users: all are repaired from the second "
            "before, and no write that was acknowledged meanwhile is lost."
        ),
        when=(
            "Many users were overwritten or deleted, and both Regions have it: failing over does not help. "
            "Clients read and write on until the fences; then they are refused to write until the cut over."
        ),
        before=(
            "Stop what writes badly: roll the release back, end the script.",
            "Approve no release, and stop an execution of the pipeline that is under way: it would lead back "
            "to the former table.",
            "Say who leads: fences and their end are that person's word.",
        ),
        steps=table_restore.STEPS,
        after=(
            "Write the tables into the deployment in `pipeline/config.py`, the former ones as "
            "`former_tables`, and merge that before anybody approves a release.",
            "Run `python -m pipeline.release` for the deployment, and `python -m pipeline.restore.runbook`.",
            "Keep the former table, fenced, until nobody has a question about it any more.",
        ),
        not_covered=(
            "A corruption that deleted history rows too: writes of those users since the restore point are "
            "gone, and nothing tells that they were there.",
            "A corruption that is noticed after 35 days, or after superseded versions have expired.",
            "Bad values that no regular expression on one field tells from good ones: they are replayed.",
            "A table that is gone with its recovery window: see the restore from a recovery point.",
            PERSONAL,
        ),
        longest_refusal_seconds=600,
        rto_seconds=300,
    ),
    Scenario(
        name="user-restore",
        title="One user is damaged: put it back from its history",
        hypothesis="A bad write overwrites one user: its history puts it back, and nobody else is touched.",
        when="One user, or a handful, was overwritten. Nobody is refused anything, and nothing is deployed.",
        steps=user_restore.STEPS,
        not_covered=(
            "A user that was deleted: its older versions went with it, and only a restore has them.",
            "A good version that has expired from the history.",
            PERSONAL,
        ),
        rto_seconds=30,
    ),
)
SCENARIOS: Mapping[str, Scenario] = {scenario.name: scenario for scenario in _ALL}


def named(name: str) -> Scenario:
    """Return the restore of a name; raises UnknownScenario, which names those that there are."""
    if name not in SCENARIOS:
        raise UnknownScenario(f"There is no scenario {name!r}; known are {', '.join(SCENARIOS)}.")
    return SCENARIOS[name]
