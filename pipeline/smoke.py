"""A user made, read and removed in one Region, by that Region's own name."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from uuid import uuid4

import httpx

# A record of a new name takes a minute to be answered everywhere.
PATIENCE_SECONDS = 120.0
LOOK_SECONDS = 5.0


class Smoke(Exception):
    """A Region does not do what it is there for."""


def smoke(client: httpx.Client, region: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
    """Ask a Region whether it is well, and have it keep, show and forget one user.

    `client` has the base URL of the Region. Health is asked for until it is there, all else once.
    Raises Smoke, with the request and its answer, and httpx's errors.
    """
    _await_health(client, region, sleep)
    name = f"smoke-{uuid4()}"
    user = {"user_id": name, "name": "Smoke Test", "email": f"{name}@example.com"}
    _expect(client.post("/users", json=user), 201)
    try:
        found = _expect(client.get(f"/users/{name}"), 200).json()["user"]
        if found["email"] != user["email"]:
            raise Smoke(f"{region} shows another user than the one it was given: {found['email']}.")
    finally:
        _expect(client.delete(f"/users/{name}"), 200)
    _expect(client.get(f"/users/{name}"), 404)


def base_url(name: str, addresses: str = "") -> str:
    """Return where the API of a name is asked: over HTTPS, or where `addresses` says that it is.

    Those are a JSON object of names and their URLs, as /etc/hosts has names and addresses, for a machine that
    no public DNS leads to. Raises Smoke for what is none.
    """
    try:
        return str(json.loads(addresses or "{}").get(name, f"https://{name}"))
    except (ValueError, AttributeError) as error:
        raise Smoke(f"USERS_ADDRESSES must be a JSON object, not {addresses!r}.") from error


def _await_health(client: httpx.Client, region: str, sleep: Callable[[float], None]) -> None:
    last = "it was not asked"
    for _ in range(int(PATIENCE_SECONDS / LOOK_SECONDS)):
        try:
            response = client.get("/health")
        except httpx.TransportError as error:
            last = str(error)
        else:
            if response.status_code == 200 and response.json().get("region") == region:
                return
            last = f"{response.status_code} {response.text[:200]}"
        sleep(LOOK_SECONDS)
    raise Smoke(f"{region} is not well: {last}")


def _expect(response: httpx.Response, status: int) -> httpx.Response:
    if response.status_code != status:
        request = response.request
        raise Smoke(
            f"{request.method} {request.url} was answered {response.status_code}, not {status}: "
            f"{response.text[:200]}"
        )
    return response
