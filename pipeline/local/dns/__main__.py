"""Runs the data plane: `python -m pipeline.local.dns --zone … --port … --events … --time-scale …`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import math
import signal
from contextlib import closing, suppress
from pathlib import Path

from pipeline.local.dns.data_plane import DataPlane
from pipeline.local.dns.events import EventLog
from pipeline.local.dns.server import serve


async def run(arguments: argparse.Namespace) -> None:
    """Serve until a signal."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - for the type checker
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with closing(EventLog(arguments.events)) as events:
        events.add("start", time_scale=arguments.time_scale)
        await serve(DataPlane(arguments.zone, events), arguments.port, arguments.time_scale)


def main() -> None:
    """Read the arguments and serve; TERM and Ctrl-C end it with nothing to say."""
    logging.basicConfig(format="%(message)s")
    with suppress(asyncio.CancelledError, KeyboardInterrupt):
        asyncio.run(run(_arguments()))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="pipeline.local.dns", description=__doc__)
    parser.add_argument("--zone", required=True, type=Path, help="the file with the zone; it may come later")
    parser.add_argument("--port", required=True, type=int, help="of DNS (UDP) and of its state (HTTP)")
    parser.add_argument("--events", required=True, type=Path, help="the file to write what happens to")
    parser.add_argument("--time-scale", default=1.0, type=_scale, help="how many times faster time runs")
    return parser.parse_args()


def _scale(value: str) -> float:
    scale = float(value)
    if not (math.isfinite(scale) and scale > 0):
        raise argparse.ArgumentTypeError("must be a number above 0")
    return scale


if __name__ == "__main__":
    main()
