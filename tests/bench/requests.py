"""What a request costs in CPU, beside FastAPI's and a tutorial's twin, all three in turns in one process."""

from __future__ import annotations

import importlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from typing import Any

from tests.bench import rows, stub
from tests.bench.events import GET, HISTORY, Invocation
from tests.bench.figure import Figure

Handler = Callable[[dict[str, Any], object], dict[str, Any]]

OURS, FASTAPI, TUTORIAL = "ours", "FastAPI", "tutorial"
GET_MODULES = {
    OURS: "lambdas.users.handlers.crud",
    FASTAPI: "tests.bench.twins.fastapi_app",
    TUTORIAL: "tests.bench.twins.tutorial",
}
QUERY_MODULES = {**GET_MODULES, OURS: "lambdas.users.handlers.query"}
ROUNDS, WARM_UP, COLD_STARTS = 400, 40, 9


def measure() -> Iterator[Figure]:
    """Yield the ratios of a GET by id, of a query for 50 items, and of a cold start."""
    with (
        stub.stubbed(rows.answers()),
        open(os.devnull, "w") as nowhere,  # noqa: PTH123
        redirect_stdout(nowhere),  # loggers keep the stream that they find
    ):
        gets = _costs(GET_MODULES, GET)
        queries = _costs(QUERY_MODULES, HISTORY)
    yield _ratio("GET by id / FastAPI", gets, FASTAPI, most=0.70)
    yield _ratio("GET by id / tutorial", gets, TUTORIAL, most=1.0)
    yield _ratio("50-item query / FastAPI", queries, FASTAPI, most=0.65)
    yield _ratio("cold start / FastAPI", _cold_starts(), FASTAPI, most=0.60)


def _ratio(name: str, costs: dict[str, float], beside: str, *, most: float) -> Figure:
    unit = "ms" if costs[OURS] > 0.02 else "µs"
    scale = 1e3 if unit == "ms" else 1e6
    made_of = f"CPU {costs[OURS] * scale:.0f} {unit} and {costs[beside] * scale:.0f} {unit}"
    return Figure(name=name, value=costs[OURS] / costs[beside], unit=" times", most=most, made_of=made_of)


def _costs(modules: dict[str, str], request: dict[str, Any]) -> dict[str, float]:
    """Return each handler's median CPU seconds, once it is seen that they answer alike."""
    handlers: dict[str, Handler] = {n: importlib.import_module(m).handler for n, m in modules.items()}
    times: dict[str, list[float]] = {name: [] for name in handlers}
    _require_alike([handler(request, Invocation()) for handler in handlers.values()])
    for number in range(ROUNDS + WARM_UP):
        for name, handler in handlers.items():
            began = time.process_time()
            handler(request, Invocation())
            if number >= WARM_UP:
                times[name].append(time.process_time() - began)
    return {name: statistics.median(taken) for name, taken in times.items()}


def _require_alike(answers: Sequence[dict[str, Any]]) -> None:
    """Hold the twins to doing the same work: the same status, and as many users in the same fields."""
    shapes = []
    for answer in answers:
        body = json.loads(answer["body"])
        users = body["versions"] if "versions" in body else [body["user"]]
        shapes.append((answer["statusCode"], len(users), users[0]["name"], users[0]["email"]))
    if len(set(shapes)) != 1:
        raise AssertionError(f"the twins do different work: {shapes}")


def _cold_starts() -> dict[str, float]:
    """Return each handler's median CPU seconds from nothing to its first answer, each in a new process."""
    times: dict[str, list[float]] = {name: [] for name in GET_MODULES}
    row = json.dumps(rows.answers()["GetItem"]({})["Item"])
    for _ in range(COLD_STARTS):
        for name, module in GET_MODULES.items():
            result = subprocess.run(  # noqa: S603
                [sys.executable, "-m", "tests.bench.cold", module],
                input=row,
                capture_output=True,
                text=True,
                check=True,
            )
            times[name].append(float(result.stdout.splitlines()[-1]))
    return {name: statistics.median(taken) for name, taken in times.items()}
