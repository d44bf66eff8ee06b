"""The steps by which one user is overwritten, and put back from its history."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx

from pipeline.drill.attempt import Operation, Wanted
from pipeline.drill.clock import Clock
from pipeline.drill.faults import FaultError
from pipeline.drill.profile import normalised
from pipeline.drill.rows import CLAIM, CLAIMED, CURRENT
from pipeline.drill.run import NotInTimeError
from pipeline.drill.step import Role
from pipeline.drill.workload import Request
from pipeline.restore.acts import Acts
from pipeline.restore.corruption import bad_email
from pipeline.restore.damage import Damage, Damages, How
from pipeline.restore.hand import Hand
from pipeline.restore.place import RestorePlace
from pipeline.restore.profile import Fields, of_version
from pipeline.restore.step import Do, Step
from pipeline.restore.waiting import until

BAD: Fields = {"name": "undefined", "age": 0, "phone": "undefined", "address": "undefined"}


@dataclass(kw_only=True)
class UserSteps:
    """Takes them through the API, on one user of a place.

    `take` returns what there is to say, and raises FaultError, and NotInTimeError where it was not done.
    """

    user_id: str
    hand: Hand
    place: RestorePlace
    damages: Damages
    acts: Acts
    clock: Clock
    _good: Fields = field(default_factory=dict)
    _bad_version: str = ""

    def take(self, step: Step) -> str:
        """Take one."""
        match step.do:
            case Do.REWRITE:
                return self._rewrite()
            case Do.FIND:
                return self._find()
            case Do.PUT_BACK:
                return self._put_back()
            case Do.COMPARE:
                return self._compare(step, step.role or Role.PRIMARY)
        raise ValueError(f"{step.do} is no step of one user's.")

    def _rewrite(self) -> str:
        """Overwrite the whole profile; how it was is on record before."""
        current = self._row(self.user_id, CURRENT)
        claim = self._row(f"{CLAIMED}{normalised(current['email']['S'])}", CLAIM)
        now = self.clock.now()
        damage = Damage(user_id=self.user_id, how=How.OVERWRITTEN, at=now, current=current, claim=claim)
        self.acts.damages()
        self.damages.add(damage)
        answer = self.hand.write(self._put({**BAD, "email": bad_email(damage)}))
        return f"{self.user_id} is overwritten, at {answer.headers.get('ETag')}"

    def _find(self) -> str:
        """Find the newest version, which is bad, and the one that it supersedes, which is good."""
        found = self.hand.read(f"/query?operation=query_user_history&user_id={self.user_id}")
        bad, *before = found["versions"]
        good = next((each for each in before if each["version_id"] == bad.get("supersedes")), None)
        if good is None:
            raise FaultError(f"The history of {self.user_id} has no version before {bad['version_id']}.")
        self._bad_version = bad["version_id"]
        self._good = of_version(good)
        return f"{good['version_id']} is good, {bad['version_id']} is to be overwritten"

    def _put_back(self) -> str:
        """Write the good profile; what it does not have is removed."""
        answer = self.hand.write(self._put(self._good, if_match=f'"{self._bad_version}"'))
        self.acts.repaired()
        return f"the good profile is version {answer.json()['user']['version']}"

    def _compare(self, step: Step, role: Role) -> str:
        """Wait until a Region shows the good profile."""
        with self.place.http(role) as http:

            def shows_it() -> bool:
                answer = http.get(f"/users/{self.user_id}")
                user = answer.json().get("user", {}) if answer.status_code == 200 else {}
                return of_version(user) == self._good

            try:
                until(shows_it, most_s=step.seconds, otherwise=f"the {role} Region shows another profile")
            except (FaultError, httpx.HTTPError) as error:
                raise NotInTimeError(str(error)) from error
        return "the profile is the good one"

    def _put(self, fields: Fields, *, if_match: str | None = None) -> Request:
        return Request(
            operation=Operation.UPDATE,
            method="PUT",
            path=f"/users/{self.user_id}",
            users=(Wanted(user_id=self.user_id, fields=fields),),
            body=fields,
            if_match=if_match,
        )

    def _row(self, key: str, sort: str) -> dict[str, dict[str, Any]]:
        """Read a row as it is."""
        region = self.place.region(Role.PRIMARY, self.place.former)
        found = region.clients["dynamodb"].get_item(
            TableName=region.table,
            Key={"user_id": {"S": key}, "timestamp": {"S": sort}},
            ConsistentRead=True,
        )
        if "Item" not in found:
            raise FaultError(f"{region.table} has no row {key}/{sort}.")
        row: dict[str, dict[str, Any]] = found["Item"]
        return row
