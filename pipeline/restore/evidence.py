"""All that the verdict on a restore is made from, which anybody can look at again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.drill.attempt import Attempt
from pipeline.drill.evidence import Evidence
from pipeline.drill.rows import Table, Version
from pipeline.restore.answer import Noted, Replayed, Validated
from pipeline.restore.damage import Damage

EMAIL = "email"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The most that a restore may measure, in seconds; None is not an objective.

    `rpo_s` is how long before the first bad write the oldest write may be that the restored table came
    without, `rto_s` the time from when the damage was noticed until every client is acknowledged again, or
    the one user is put back, `held_s` how long one write may be refused: with
    None no fence may refuse any.
    """

    rpo_s: float | None = None
    rto_s: float | None = None
    held_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class RestoreEvidence:
    """One drill of a restore.

    Args:
        drill: what clients saw, and what both Regions hold at the end in the table that serves then; what
            was there `before` is there to stay.
        damaged: who was damaged, and how they were.
        former: the table that served when the damage was done, as the primary Region has it at the end.
        came: the restored table as it came in the primary Region, before anything was replayed into it; None
            where nobody read it.
        noted: the restore point; None where the drill did not get so far, or there is none.
        noticed_at: when the damage was noticed, in seconds since the epoch; None for never.
        served_from: since when the restored table serves, in seconds since the epoch; None for never.
        validated: what the validator said of tables, the former one among them.
        replayed: what the replay said; None where there was none.
    """

    drill: Evidence
    damaged: Sequence[Damage]
    former: Table
    limits: Limits
    came: Table | None = None
    noted: Noted | None = None
    noticed_at: float | None = None
    served_from: float | None = None
    validated: Sequence[Validated] = ()
    replayed: Replayed | None = None

    def is_bad(self, email: object) -> bool:
        """Tell whether an email is one that the bad deploy wrote."""
        pattern = self.noted.pattern if self.noted else None
        return pattern is not None and re.fullmatch(pattern, str(email)) is not None

    @cached_property
    def bad_versions(self) -> Mapping[str, str]:
        """What each version superseded that the bad deploy made, by the user and the version_id of each.

        It is one whose email is bad while that of the version before it is not.
        """
        found = {}
        for versions in self.former.history.values():
            known = {version.version_id: version for version in versions}
            for version in versions:
                parent = known.get(version.supersedes or "")
                if parent and self._has_bad(version) and not self._has_bad(parent):
                    found[f"{version.user_id}/{version.version_id}"] = parent.version_id
        return found

    @cached_property
    def attempts(self) -> Sequence[Attempt]:
        """What clients asked for, as if the bad deploy had never written, where a restored table serves.

        Who named a version of it in If-Match meant the user, and is taken over as a change of the version
        before.
        """
        if self.served_from is None:
            return self.drill.attempts
        return [self._without_bad(attempt) for attempt in self.drill.attempts]

    def _has_bad(self, version: Version) -> bool:
        return self.is_bad((version.profile or {}).get(EMAIL))

    def _without_bad(self, attempt: Attempt) -> Attempt:
        asked = attempt.asked
        if asked.if_match is None or len(asked.users) != 1:
            return attempt
        good = self.bad_versions.get(f"{asked.users[0].user_id}/{asked.if_match.strip(chr(34))}")
        return replace(attempt, asked=replace(asked, if_match=f'"{good}"')) if good else attempt
