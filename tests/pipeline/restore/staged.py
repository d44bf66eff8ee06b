"""A platform without anything behind it: two tables in two Regions, their API, and what was done to them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from pipeline.drill.attempt import Fields
from pipeline.drill.client import FENCED
from pipeline.drill.profile import normalised
from pipeline.drill.rows import Key
from pipeline.drill.step import Role
from pipeline.restore.place import RestorePlace
from tests.pipeline.drill.api import Api, Refused, profile_of
from tests.pipeline.drill.made import HERE, THERE
from tests.pipeline.drill.replicas import Replica
from tests.pipeline.drill.staged import Staged as DrillStage
from tests.pipeline.drill.staged import StagedCloudWatch
from tests.pipeline.restore.staged_aws import StagedFunctions, StagedTables

FORMER, RESTORED = "users-local", "users-local-restored"
URLS = {Role.PRIMARY: "http://here", Role.SECONDARY: "http://there"}
REGIONS = {"here": HERE, "there": THERE}


@dataclass
class Stage:
    """Both tables, by name and Region; what is written in one Region is in the other at once.

    `done` has what was called, in order, `unsound` the tables that the validator finds broken, `protected`
    those that must not be deleted, `stubborn` the calls that fail, and `half` the tables that some functions
    use beside the one that serves.
    """

    tables: dict[tuple[str, str], Replica] = field(default_factory=dict)
    serving: list[str] = field(default_factory=lambda: [FORMER])
    done: list[str] = field(default_factory=list)
    unsound: set[str] = field(default_factory=lambda: {FORMER})
    protected: set[tuple[str, str]] = field(default_factory=set)
    stubborn: set[str] = field(default_factory=set)
    replayed: dict[str, Any] = field(default_factory=lambda: {"replayed": 1, "conflicts": []})
    switches_fail: list[Exception] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    half: set[str] = field(default_factory=set)
    unreadable: bool = False

    def __post_init__(self) -> None:
        self.turn = threading.RLock()
        self.make(FORMER)

    def make(self, table: str, *, regions: Sequence[str] = (HERE, THERE)) -> None:
        for region in regions:
            self.tables[table, region] = Replica(region)

    def users(self, *ids: str) -> None:
        """Create users in the table that serves."""
        for user_id in ids:
            fields: Fields = {"name": user_id, "email": f"{user_id}@crowd.example", "age": 1}
            self.api().create(time.time(), user_id, fields, key=user_id)
        self.replicate()

    def api(self, region: str = HERE) -> Api:
        return Api(self.tables[self.serving[-1], region])

    def row(self, key: str, sort: str, table: str | None = None, region: str = HERE) -> Any:  # noqa: ANN401
        return self.tables[table or self.serving[-1], region].get(Key(key, sort))

    def replicate(self) -> None:
        with self.turn:
            for (table, region), replica in self.tables.items():
                other = self.tables.get((table, THERE if region == HERE else HERE))
                if other is not None:
                    replica.send(other, until=float("inf"))

    def switch(self, tables: Sequence[str]) -> None:
        self.done.append(f"switch {' '.join(tables)}")
        if self.switches_fail:
            raise self.switches_fail.pop()
        self.serving = list(tables)

    def fenced(self, region: str) -> bool:
        state = self.row(f"REGION#{region}", "STATE", region=region)
        return bool(state) and state["state"]["S"] == "fenced"

    @property
    def place(self) -> RestorePlace:
        drill = DrillStage(time_scale=1000.0).place
        clients = {
            role: {
                "dynamodb": StagedTables(self, name),
                "lambda": StagedFunctions(self),
                "cloudwatch": StagedCloudWatch(name, self.done),
            }
            for role, name in zip(Role, (HERE, THERE), strict=True)
        }
        regions = {
            role: replace(region, table=self.serving[-1], clients=clients[role])
            for role, region in drill.regions.items()
        }
        return RestorePlace(
            place=replace(drill, regions=regions),
            clients=clients,
            urls=URLS,
            tables=list(self.serving),
            restored=RESTORED if self.serving[-1] == FORMER else FORMER,
            switch=self.switch,
            in_use=lambda: {self.serving[-1], *self.half},
            transport=httpx.MockTransport(self.answer),
        )

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer as the API of a Region does."""
        with self.turn:
            return self._answer(request, REGIONS[request.url.host])

    def _answer(self, request: httpx.Request, region: str) -> httpx.Response:
        if request.method != "GET" and self.fenced(region):
            return httpx.Response(503, json={"detail": FENCED}, headers={"X-Region": region})
        try:
            status, body, etag = self._answered(request, self.api(region))
        except Refused as refused:
            return httpx.Response(refused.status, json={"detail": "no"}, headers={"X-Region": region})
        self.replicate()
        headers = {"X-Region": region, **({"ETag": f'"{etag}"'} if etag else {})}
        return httpx.Response(status, json=body, headers=headers)

    def _answered(self, request: httpx.Request, api: Api) -> tuple[int, Mapping[str, Any], str]:
        path, now = request.url.path, time.time()
        if path == "/batch":
            sent = json.loads(request.content)["users"]
            users = [{**user, "email": normalised(user["email"])} for user in sent]
            for user in users:
                api.create(now, user["email"].partition("@")[0], user, key=user["email"])
            return 201, {"users": [self._shown(api, user["email"].partition("@")[0]) for user in users]}, ""
        if path == "/query":
            if self.unreadable:
                raise Refused(400)
            return 200, {"versions": list(self._versions(api, request.url.params["user_id"]))}, ""
        user_id = path.rpartition("/")[2]
        current = api.replica.get(Key(user_id, "CURRENT"))
        if current is None:
            raise Refused(404)
        if request.headers.get("If-Match") not in (None, f'"{current["version_id"]["S"]}"'):
            raise Refused(412)
        if request.method == "PUT":
            api.update(now, user_id, json.loads(request.content))
        shown = self._shown(api, user_id)
        return 200, {"user": shown}, f"{shown['timestamp']}#{api.replica.region}"

    def _shown(self, api: Api, user_id: str) -> dict[str, Any]:
        row = api.replica.get(Key(user_id, "CURRENT"))
        assert row is not None
        known = {"user_id": user_id, "timestamp": row["updated_at"]["S"], "version": int(row["version"]["N"])}
        return {**known, **profile_of(row)}

    def _versions(self, api: Api, user_id: str) -> Iterator[dict[str, Any]]:
        for key in sorted(api.replica.keys(user_id), key=lambda key: key.sort, reverse=True):
            row = api.replica.get(key)
            if row is not None and "profile" in row:
                said = {"version_id": key.sort, **profile_of(row["profile"]["M"])}
                yield {**said, "supersedes": row["supersedes"]["S"]} if "supersedes" in row else said
