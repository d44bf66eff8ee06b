"""boto3 clients for the AWS endpoint of an emulated Region, under a name of the drill's own."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

from pipeline.local.layout import RegionPlace

AGENT = "users-drill"  # in the User-Agent of every call that the drill makes


def client(place: RegionPlace, service: str, *, patience_s: float = 3, attempts: int = 2) -> Any:  # noqa: ANN401 - boto3 makes the classes at run time
    """Return a client that gives up on a call after so many attempts, each of 2 s to connect.

    `patience_s` is for how many seconds an attempt waits to be answered.
    """
    session: Any = boto3.session.Session(
        aws_access_key_id="000000000000",
        aws_secret_access_key="local",  # noqa: S106 - the emulator checks none
        region_name=place.name,
    )
    config = Config(
        connect_timeout=2,
        read_timeout=patience_s,
        retries={"total_max_attempts": attempts, "mode": "standard"},
        proxies={},
        user_agent_extra=AGENT,
    )
    return session.client(service, endpoint_url=place.aws_url, config=config)
