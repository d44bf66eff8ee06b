"""One cold start in a process of its own: import, client, first GET; prints its CPU seconds last."""

from __future__ import annotations

import importlib
import json
import sys
import time

from tests.bench import stub
from tests.bench.events import GET, Invocation


def main(module: str) -> None:
    """Import the handler and let it answer once; the row comes on standard input, before the clock starts."""
    item = json.load(sys.stdin)
    with stub.stubbed({"GetItem": lambda _request: {"Item": item}}):
        began = time.process_time()
        answer = importlib.import_module(module).handler(GET, Invocation())
        seconds = time.process_time() - began
    if answer["statusCode"] != 200:
        raise SystemExit(f"the first answer was {answer}")
    print(f"\n{seconds}")  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main(sys.argv[1])
