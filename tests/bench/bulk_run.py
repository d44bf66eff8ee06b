"""Writes so many users in a process of its own, at once or one by one; prints seconds and peak memory."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from contextlib import redirect_stdout

from tests.bench import rows, stub
from tests.bench.events import Invocation, event

LATENCY_S = 0.005


def main(way: str, count: int) -> None:
    """Create the users by one `batch_write`, or by as many POSTs; everybody must have been created."""
    users = [{"name": f"User {n}", "email": f"user{n}@example.com", "age": n % 90} for n in range(count)]
    with (
        stub.stubbed(rows.answers(), latency_s=LATENCY_S),
        open(os.devnull, "w") as nowhere,  # noqa: PTH123
        redirect_stdout(nowhere),  # loggers keep the stream that they find
    ):
        from lambdas.users.handlers import batch, crud  # noqa: PLC0415

        began = time.perf_counter()
        if way == "at-once":
            body = {"operation": "batch_write", "users": users}
            answers = [batch.handler(event("POST", "/batch", body=body), Invocation())]
        else:
            answers = [crud.handler(event("POST", "/users", body=user), Invocation()) for user in users]
        seconds = time.perf_counter() - began
    if any(answer["statusCode"] != 201 for answer in answers):
        raise SystemExit("not everybody was created")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "peak": peak}))  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
