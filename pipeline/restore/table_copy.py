"""The steps by which a sound copy of a table is made, while the table itself is served as ever."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.drill.step import Role
from pipeline.restore.step import Do, Step, Who

PRIMARY, SECONDARY = Role.PRIMARY, Role.SECONDARY
NOTHING = "Nothing was changed."
# The source of a new replica stays for a day
# (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_reqs_bestpractices.html).
DROP = (
    "Leave the restored table as it is, and begin anew into another name. Nobody reads it; delete it later, "
    "in both Regions, after its deletion protection is off. DynamoDB refuses to delete a table within 24 "
    "hours after a replica was made from it."
)

COPY = (
    Step(
        do=Do.NOTE,
        why=(
            "What writes badly is stopped; the whole second before its first write is noted, and what tells "
            "a bad value."
        ),
        who=Who.RELEASER,
        seconds=60,
        verify=(
            "No further bad value appears, and the second lies between `EarliestRestorableDateTime` and "
            "`LatestRestorableDateTime`. AWS lets the latter lag by up to 5 minutes: wait for it."
        ),
        back=NOTHING,
    ),
    Step(
        do=Do.RESTORE,
        why="The state of that second becomes a table of another name, beside the one that serves.",
        who=Who.ON_CALL,
        role=PRIMARY,
        seconds=60,
        verify="The answer names the new table, with the status `CREATING`.",
        back=DROP,
    ),
    Step(
        do=Do.AWAIT_RESTORED,
        why="The restored table is there.",
        who=Who.ON_CALL,
        role=PRIMARY,
        seconds=900,
        verify="`TableStatus` is `ACTIVE`, of the table and of its four indexes. Ask again until then.",
        back=DROP,
    ),
)

SETTINGS = (
    Step(
        do=Do.SETTINGS,
        why="The restored table gets what a restore comes without: expiry, recovery, tags, guard and stream.",
        who=Who.ON_CALL,
        role=PRIMARY,
        seconds=300,
        verify="Each call is answered without an error. A setting that is there already may be refused.",
        back=DROP,
    ),
    Step(
        do=Do.REPLICATE,
        why="It gets a replica in the secondary Region.",
        who=Who.ON_CALL,
        role=PRIMARY,
        seconds=60,
        verify="The answer lists the replica, with the status `CREATING`.",
        back=DROP,
    ),
    Step(
        do=Do.AWAIT_REPLICATED,
        why="The replica holds what the table does.",
        who=Who.ON_CALL,
        role=PRIMARY,
        seconds=900,
        verify="`ReplicaStatus` of the secondary Region is `ACTIVE`. Ask again until then.",
        back=DROP,
    ),
    Step(
        do=Do.SETTINGS,
        why="The replica gets what no replica is given: recovery, tags and guard.",
        who=Who.ON_CALL,
        role=SECONDARY,
        seconds=300,
        verify="Each call is answered without an error.",
        back=DROP,
    ),
    Step(
        do=Do.VERIFY,
        why="The validator finds the restored table sound.",
        who=Who.ON_CALL,
        role=PRIMARY,
        seconds=900,
        verify="`status` is `SUCCESSFUL`, and `users` is about what it was before the bad write.",
        back="Findings name the rows. Choose an earlier second, and begin anew into another name.",
    ),
)
STEPS: Sequence[Step] = (*COPY, *SETTINGS)
