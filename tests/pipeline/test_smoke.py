"""What a Region must do to pass, against a small one in memory."""

import json

import httpx
import pytest

from pipeline.smoke import Smoke, smoke

REGION = "eu-west-1"


class Api:
    """Keeps users; each fault is an operation that does not work."""

    def __init__(self, *faults: str, region: str = REGION, ill: int = 0) -> None:
        self.faults, self.region, self.ill = faults, region, ill
        self.users: dict[str, object] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/health":
            self.ill -= 1
            return httpx.Response(503 if self.ill >= 0 else 200, json={"status": "ok", "region": self.region})
        if request.method in self.faults:
            return httpx.Response(500, text="Internal server error")
        return self._user(request)

    def _user(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            user = json.loads(request.content)
            self.users[user["user_id"]] = {**user, "email": "other"} if "mixed" in self.faults else user
            return httpx.Response(201, json={"user": user})
        name = request.url.path.rpartition("/")[2]
        if request.method == "DELETE" and "kept" not in self.faults:
            return httpx.Response(200 if self.users.pop(name, None) else 404)
        if request.method == "DELETE":
            return httpx.Response(200)
        found = self.users.get(name)
        return httpx.Response(200, json={"user": found}) if found else httpx.Response(404)


def ask(api: Api) -> list[float]:
    slept: list[float] = []
    with httpx.Client(base_url="https://users.example", transport=httpx.MockTransport(api)) as client:
        smoke(client, REGION, sleep=slept.append)
    return slept


def test_a_region_that_works_passes_and_keeps_nothing() -> None:
    api = Api()
    assert ask(api) == []
    assert api.users == {}


def test_a_region_may_take_a_while_to_be_well() -> None:
    assert len(ask(Api(ill=3))) == 3


@pytest.mark.parametrize(
    ("api", "said"),
    [
        (Api(ill=10_000), "is not well: 503"),
        (Api(region="eu-central-1"), "is not well: 200"),
        (Api("POST"), "POST .* was answered 500, not 201"),
        (Api("GET"), "GET .* was answered 500, not 200"),
        (Api("DELETE"), "DELETE .* was answered 500, not 200"),
        (Api("mixed"), "another user"),
        (Api("kept"), "GET .* was answered 200, not 404"),
    ],
    ids=["ill", "another Region", "no writes", "no reads", "no deletes", "mixed up", "kept"],
)
def test_a_region_that_does_not_work_fails_with_what_it_said(api: Api, said: str) -> None:
    with pytest.raises(Smoke, match=said):
        ask(api)


def test_a_user_that_could_not_be_read_is_removed_all_the_same() -> None:
    api = Api("GET")
    with pytest.raises(Smoke):
        ask(api)
    assert api.users == {}
