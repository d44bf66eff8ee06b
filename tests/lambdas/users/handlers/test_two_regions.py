"""Whatever clients do in either of two regions, the API does what a plain dictionary would."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from lambdas.users.domain.text import search_key
from tests.lambdas.regions import REGIONS, Regions, User, by_id, merged, profile_of

regions = st.sampled_from(REGIONS)
user_ids = st.sampled_from(["ada", "grace", "linus", "zoe"])
names = st.sampled_from(["Ada", "ADA", "Adèle", "Grace", "linus", "Zoë"])
emails = st.sampled_from(
    ["a@example.com", "b@example.com", "C@example.com", "c@EXAMPLE.com", "d@example.com"]
)
ages = st.sampled_from([0, 25, 36, 150])
optional = st.none() | st.sampled_from(["", "1", "22"])
changes = st.fixed_dictionaries(
    {}, optional={"name": names, "email": emails, "age": ages, "phone": optional, "address": optional}
)
new_users = st.fixed_dictionaries(
    {"user_id": user_ids, "name": names, "email": emails}, optional={"age": ages, "phone": optional}
)


class TwoRegions(Regions):
    """What clients do."""

    @rule(region=regions, body=new_users)
    def create(self, region: str, body: User) -> None:
        answer = self.send(region, "POST", "/users", body=body)
        assert answer.status == (self.refusal(body["user_id"], body["email"]) or 201)
        if answer.status == 201:
            self.model[body["user_id"]] = answer.json["user"]
            assert profile_of(answer.json["user"]) == merged({}, body)

    @rule(region=regions, body=new_users, key=st.sampled_from(["k1", "k2", "k3"]))
    def create_once(self, region: str, body: User, key: str) -> None:
        answer = self.send(region, "POST", "/users", body=body, headers={"Idempotency-Key": key})
        if key in self.keyed:
            self.check_repeat(key, ("/users", body), answer)
            return
        assert answer.status == (self.refusal(body["user_id"], body["email"]) or 201)
        if answer.status == 201:
            self.model[body["user_id"]] = answer.json["user"]
            self.keyed[key] = (("/users", body), answer)

    @rule(region=regions)
    def repeat(self, region: str) -> None:
        for key, ((resource, body), _) in self.keyed.items():
            answer = self.send(region, "POST", resource, body=body, headers={"Idempotency-Key": key})
            self.check_repeat(key, (resource, body), answer)

    @rule(region=regions, user_id=user_ids, body=changes, condition=st.sampled_from([None, "fresh", "stale"]))
    def update(self, region: str, user_id: str, body: User, condition: str | None) -> None:
        answer = self.send(
            region,
            "PUT",
            "/users/{user_id}",
            path=user_id,
            body=body,
            headers=self.condition(user_id, condition),
        )
        known = self.model.get(user_id)
        if known is None:
            assert answer.status == 404
        elif condition == "stale":
            assert answer.status == 412
        elif "email" in body and self.holder(body["email"]) not in {None, user_id}:
            assert answer.status == 409
        else:
            assert answer.status == 200
            user = answer.json["user"]
            assert profile_of(user) == merged(profile_of(known), body)
            assert (user["created_at"], user["version"]) == (known["created_at"], known["version"] + 1)
            assert user["timestamp"] > known["timestamp"]
            self.model[user_id] = user

    @rule(region=regions, user_id=user_ids, condition=st.sampled_from([None, "fresh", "stale"]))
    def delete(self, region: str, user_id: str, condition: str | None) -> None:
        headers = self.condition(user_id, condition)
        answer = self.send(region, "DELETE", "/users/{user_id}", path=user_id, headers=headers)
        known = self.model.get(user_id)
        if known is None:
            assert answer.status == 404
        elif condition == "stale":
            assert answer.status == 412
        else:
            removed = f"User deleted successfully. Removed {known['version']} versions."
            assert (answer.status, answer.json["message"]) == (200, removed)
            del self.model[user_id]

    @rule(
        region=regions,
        users=st.lists(new_users, min_size=1, max_size=5),
        key=st.sampled_from([None, "k1", "k4", "k5"]),
    )
    def write_batch(self, region: str, users: list[User], key: str | None) -> None:
        body = {"operation": "batch_write", "users": users}
        headers = None if key is None else {"Idempotency-Key": key}
        answer = self.send(region, "POST", "/batch", body=body, headers=headers)
        if key in self.keyed:
            self.check_repeat(key, ("/batch", body), answer)
            return
        if key is not None:
            self.keyed[key] = (("/batch", body), answer)
        created = iter(answer.json["users"])
        failed = {failure["index"] for failure in answer.json.get("failed", ())}
        assert failed == self.refused(users)
        for index, user in enumerate(users):
            if index not in failed:
                self.model[user["user_id"]] = next(created)
                assert profile_of(self.model[user["user_id"]]) == merged({}, user)
        assert answer.status == (207 if failed else 201)

    @rule(region=regions, ids=st.lists(user_ids, min_size=1))
    def delete_batch(self, region: str, ids: list[str]) -> None:
        answer = self.send(region, "POST", "/batch", body={"operation": "batch_delete", "user_ids": ids})
        gone = {user_id for user_id in ids if self.model.pop(user_id, None)}
        assert answer.json["message"] == f"Successfully deleted {len(gone)} users"
        assert set(answer.json["not_found_users"]) == set(ids) - gone

    @rule(region=regions, ids=st.lists(user_ids, min_size=1))
    def read_batch(self, region: str, ids: list[str]) -> None:
        answer = self.send(region, "POST", "/batch", body={"operation": "batch_read", "user_ids": ids})
        unique = list(dict.fromkeys(ids))
        assert answer.json["found_users"] == [self.model[key] for key in unique if key in self.model]
        assert answer.json["not_found_users"] == [key for key in unique if key not in self.model]

    @rule(region=regions, least=ages, most=ages)
    def find_by_age(self, region: str, least: int, most: int) -> None:
        asked = {"min_age": str(min(least, most)), "max_age": str(max(least, most))}
        found = self.query(region, "scan_by_age", **asked).json["users"]
        expected = [u for u in self.model.values() if min(least, most) <= u["age"] <= max(least, most)]
        assert by_id(found) == by_id(expected)
        paged = self.walk("/query", {"operation": "query_by_age", **asked}, limit=2)
        assert paged == sorted(expected, key=lambda user: (user["age"], user["user_id"]))

    @rule(region=regions, email=emails)
    def find_by_email(self, region: str, email: str) -> None:
        answer = self.query(region, "query_by_email", email=email)
        holder = self.holder(email)
        if holder is None:
            assert answer.status == 404
        else:
            assert answer.json["users"] == [self.model[holder]]

    @rule(q=st.sampled_from(["a", "AD", "ade", "Zoe", "grace", "x"]))
    def search(self, q: str) -> None:
        expected = [u for u in self.model.values() if search_key(u["name"]).startswith(search_key(q))]
        found = self.walk("/query", {"operation": "search", "q": q}, limit=1)
        assert found == sorted(expected, key=lambda user: (search_key(user["name"]), user["user_id"]))

    @rule(region=regions, user_id=user_ids)
    def read_history(self, region: str, user_id: str) -> None:
        answer = self.query(region, "query_user_history", user_id=user_id)
        if user_id not in self.model:
            assert answer.status == 404
        else:
            versions = answer.json["versions"]
            current = self.model[user_id]
            assert [v["version"] for v in versions] == list(range(current["version"], 0, -1))
            assert profile_of(versions[0]) == profile_of(current)

    @rule(limit=st.integers(1, 3))
    def list_all(self, limit: int) -> None:
        expected = sorted(self.model.values(), key=lambda user: (user["created_at"], user["user_id"]))
        assert self.walk("/users", {}, limit=limit) == expected

    @invariant()
    def every_user_is_read_alike_in_both_regions(self) -> None:
        for region in REGIONS:
            for user_id, user in self.model.items():
                assert self.send(region, "GET", "/users/{user_id}", path=user_id).json == {"user": user}


TestTwoRegions = TwoRegions.TestCase
TestTwoRegions.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
