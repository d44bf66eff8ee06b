"""Runs one emulated Region: `python -m pipeline.local.emulator --region … --port … --state … --peer …`."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path


def main() -> None:
    """Set the emulator up from the arguments, before it is imported, and serve until a signal."""
    arguments = _arguments()
    del sys.argv[1:]  # the emulator would read them as its own
    state = Path(arguments.state)
    scratch = state / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    os.environ.update(
        {
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(arguments.port),
            "MINISTACK_REGION": arguments.region,
            "PERSIST_STATE": "1",
            "STATE_DIR": str(state / "services"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(state / "objects"),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LAMBDA_EXECUTOR": "local",
            "LOG_LEVEL": "WARNING",
            "TMPDIR": str(scratch),
        }
    )
    # They read the environment when they are imported.
    from pipeline.local.emulator.region import serve  # noqa: PLC0415

    peers = {region: int(port) for region, port in _pairs(arguments.peer).items()}
    serve(arguments.region, state, peers, _pairs(arguments.zone), arguments.account)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="pipeline.local.emulator", description=__doc__)
    parser.add_argument("--region", required=True, help="the AWS Region that this process is")
    parser.add_argument("--port", required=True, type=int, help="where it listens, on loopback")
    parser.add_argument("--state", required=True, help="the folder that keeps its journal and services")
    parser.add_argument(
        "--peer", action="append", default=[], metavar="REGION=PORT", help="a Region to follow"
    )
    parser.add_argument(
        "--zone", action="append", default=[], metavar="ID=NAME", help="a hosted zone that is the owner's"
    )
    parser.add_argument("--account", default="000000000000", help="the account that owns the zones")
    parser.add_argument("--version", action="version", version=f"ministack {version('ministack')}")
    return parser.parse_args()


def _pairs(given: Sequence[str]) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in given)


if __name__ == "__main__":
    main()
