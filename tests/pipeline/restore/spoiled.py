"""What can be wrong with a restore, each as a change of one that went well."""

from __future__ import annotations

from dataclasses import replace

from pipeline.drill.attempt import Operation
from pipeline.drill.rows import Key
from pipeline.restore.answer import Conflict, Validated
from pipeline.restore.verdict import Verdict, judge
from tests.pipeline.drill.made import claim, version, version_id
from tests.pipeline.restore.restored import (
    BAD,
    FORMER,
    RESTORED,
    Restored,
    acknowledged,
    before,
    changed,
    claim_of,
    numbered,
    profile,
    user,
)


def served(restored: Restored) -> Restored:
    """Have each client write once more, in the restored table, to a user of its own."""
    for client, number in (("one", 42), ("two", 44), ("client", 43)):
        name = f"new-{client}"
        rows = version(number, user_id=name, life=number, profile=profile(name))
        restored.both(numbered(rows, 1))
        made = acknowledged(number, name, operation=Operation.CREATE, fields=profile(name), client=client)
        wanted = replace(made.asked.users[0], user_id=None)
        restored.attempts.append(replace(made, asked=replace(made.asked, users=(wanted,))))
    return restored


def judged(restored: Restored) -> Verdict:
    return judge(served(restored).evidence())


def found(verdict: Verdict) -> set[str]:
    return {str(finding.invariant) for finding in verdict.violations}


def unmended(restored: Restored) -> None:
    """Bob stays deleted."""
    restored.both({**dict.fromkeys(user("bob"))})


def rewritten_still(restored: Restored) -> None:
    """Ada keeps the bad email."""
    restored.both({**changed(14, "ada", email=BAD), claim_of("ada"): None})


def lost_write(restored: Restored) -> None:
    """Carl's acknowledged write was not replayed."""
    restored.both({Key("carl", version_id(15)): None, **user("carl")})


def lost_user(restored: Restored) -> None:
    """Carl, whom nobody damaged, is gone."""
    restored.both({key: None for key in restored.primary if "carl" in key.user_id})


def lost_in_one_region(restored: Restored) -> None:
    """The replica has not got all."""
    del restored.secondary[Key("bob", "CURRENT")]


def bad_version(restored: Restored) -> None:
    """The bad version came along into the history."""
    key = Key("ada", version_id(10))
    restored.both({key: changed(10, "ada", email=BAD)[key]})


def bad_claim(restored: Restored) -> None:
    """The claim of the bad email came along."""
    restored.both(claim(BAD, "ada"))


def dropped_change(restored: Restored) -> None:
    """What a client wrote on top of the bad version is left out of it."""
    restored.both(changed(14, "ada"))


def gap(restored: Restored) -> None:
    """A version that is taken over keeps the number that it had."""
    restored.both(changed(14, "ada", 3, name="Ada Lovelace"))


def unclaimed(restored: Restored) -> None:
    """A user comes back without the claim."""
    restored.both({claim_of("bob"): None})


def phantom(restored: Restored) -> None:
    """Somebody is there whom nobody made."""
    restored.both(numbered(version(17, user_id="eve", life=17, profile=profile("eve")), 1))


def resurrected(restored: Restored) -> None:
    """Dora's deletion is recorded, and she is there."""
    restored.both(user("dora"))


def forgotten_deletion(restored: Restored) -> None:
    """Dora's deletion was not replayed."""
    restored.both({Key("dora", version_id(16)): None, **user("dora")})


def conflict(restored: Restored) -> None:
    """The replay could not take a write over."""
    restored.conflicts = (Conflict(user_id="ada", version_id=version_id(14), why="The email is taken."),)


def blind_validator(restored: Restored) -> None:
    """The validator finds nothing wrong with the damaged table."""
    restored.validated[0] = Validated(table=FORMER, status="SUCCESSFUL")


def unsound(restored: Restored) -> None:
    """The validator finds the restored table broken."""
    restored.validated.append(Validated(table=RESTORED, status="FAILED", message="a claim is missing"))


def empty_restore(restored: Restored) -> None:
    """Nothing was restored: all that the restored table has came with the replay."""
    restored.came = {}


def restored_too_late(restored: Restored) -> None:
    """The damage is in the restored table as it came."""
    restored.came = restored.former


def uncurrent_restore(restored: Restored) -> None:
    """A user came without the row that makes it current."""
    restored.came = {key: row for key, row in before().items() if key != Key("carl", "CURRENT")}


def unread_restore(restored: Restored) -> None:
    """Nobody read the restored table before the replay."""
    restored.came = None


def unseen(restored: Restored) -> None:
    """The validator never saw the restored table."""
    restored.validated.pop()
